/// How much memory an image takes, as the headers at its beginning say: those of an ELF file or of a
/// PE file.
public struct ImageExtent: Hashable, Sendable {
  /// The address after its last byte, a multiple of the page size.
  public let end: Address

  /// How many bytes of an image `init` looks at first; the headers of most end before.
  public static let headerByteCount = 1024
  /// No real image is larger; one that says so is not believed.
  public static let mostBytes: UInt64 = 1 << 36
  private static let pageSize: UInt64 = 4096

  /// Reads the headers of an image that begins at an address.
  /// - Parameters:
  ///   - base: where its file begins in memory.
  ///   - read: gives bytes of the memory, counted from `base`.
  /// - Returns: nil where no program or library is.
  public init?(at base: Address, _ read: FileReader) {
    let first = read(0, 64)
    let byteCount: UInt64?
    if first.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
      byteCount = Self.byteCountOfELF(first, read)
    } else if first.starts(with: [0x4D, 0x5A]) {
      byteCount = Self.byteCountOfPE(first, read)
    } else {
      return nil
    }
    guard let byteCount, byteCount > 0, byteCount <= Self.mostBytes,
      let end = base.adding((byteCount + Self.pageSize - 1) & ~(Self.pageSize - 1))
    else { return nil }
    self.end = end
  }

  /// From where the first byte of the file lies to the end of the last segment.
  private static func byteCountOfELF(_ first: [UInt8], _ read: FileReader) -> UInt64? {
    guard let header = try? ELFHeader(parsing: first),
      header.fileType == ELFHeader.program || header.fileType == ELFHeader.sharedObject,
      let segments = try? ELFImage.allProgramHeaders(header, read)
    else { return nil }
    let loaded = segments.filter { $0.type == ELFProgramHeader.load }
    guard let lowest = loaded.min(by: { $0.address < $1.address }), lowest.offset < pageSize
    else { return nil }
    let start = lowest.address &- lowest.offset
    var byteCount: UInt64 = 0
    for segment in loaded {
      let (end, overflows) = (segment.address &- start).addingReportingOverflow(
        segment.memoryByteCount)
      guard !overflows else { return nil }
      byteCount = max(byteCount, end)
    }
    return byteCount
  }

  private static func byteCountOfPE(_ first: [UInt8], _ read: FileReader) -> UInt64? {
    let format = PEImage.format
    guard let start = format.word(first, 60), start < 1 << 20 else { return nil }
    let headers = read(UInt64(start), 24 + 60)
    guard headers.starts(with: [0x50, 0x45, 0, 0]), let magic = format.half(headers, 24),
      magic == 0x10B || magic == 0x20B
    else { return nil }
    return format.word(headers, 24 + 56).map(UInt64.init)
  }
}
