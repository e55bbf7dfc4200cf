/// One mapping of a file in a core: an entry of the note NT_FILE.
public struct CoreMappedFile: Hashable, Sendable {
  /// The addresses.
  public var range: AddressRange
  /// Where in the file the first of them lies, in bytes.
  public var offset: UInt64
  /// The path, raw bytes.
  public var name: [UInt8]

  /// A mapping.
  public init(range: AddressRange, offset: UInt64, name: [UInt8]) {
    self.range = range
    self.offset = offset
    self.name = name
  }

  /// Reads the content of a note: every entry that lies in it whole.
  public static func list(parsing content: [UInt8], format: ELFFormat) -> [CoreMappedFile] {
    let width = format.pointerWidth.bytes
    guard let claimed = format.pointer(content, 0), let unit = format.pointer(content, width)
    else { return [] }
    // An entry takes three numbers, and at least the zero byte behind its name.
    let most = UInt64(max(content.count &- 2 &* width, 0) / (3 &* width &+ 1))
    let count = Int(min(claimed, most))
    var files: [CoreMappedFile] = []
    files.reserveCapacity(count)
    var place = 2 &* width &+ count &* 3 &* width
    if claimed > most { return [] }
    for index in 0..<count {
      let entry = 2 &* width &+ index &* 3 &* width
      guard let start = format.pointer(content, entry),
        let end = format.pointer(content, entry &+ width),
        let pages = format.pointer(content, entry &+ 2 &* width),
        let nameEnd = content[min(place, content.count)...].firstIndex(of: 0)
      else { return files }
      let name = content[place..<nameEnd]
      place = nameEnd &+ 1
      let (offset, isTooFar) = pages.multipliedReportingOverflow(by: unit)
      let range = AddressRange(start: Address(start), end: Address(end))
      if isTooFar || range.isEmpty { continue }
      files.append(CoreMappedFile(range: range, offset: offset, name: Array(name)))
    }
    return files
  }

  /// The content of the note for these mappings.
  /// - Parameter pageSize: in which offsets are counted, as the kernel does; 1 when one of them is
  ///   no multiple of it.
  public static func serialized(
    _ files: [CoreMappedFile], pageSize: UInt64, format: ELFFormat
  ) -> [UInt8] {
    let isEven = pageSize > 0 && files.allSatisfy { $0.offset % pageSize == 0 }
    let unit = isEven ? pageSize : 1
    var content: [UInt8] = []
    format.append(pointer: UInt64(files.count), to: &content)
    format.append(pointer: unit, to: &content)
    for file in files {
      format.append(pointer: file.range.start.rawValue, to: &content)
      format.append(pointer: file.range.end.rawValue, to: &content)
      format.append(pointer: file.offset / unit, to: &content)
    }
    for file in files {
      content += file.name
      content.append(0)
    }
    return content
  }
}
