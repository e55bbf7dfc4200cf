/// What proc_pid_smaps(5) says of mappings beyond their permissions.
public enum MappingFlags {
  /// The mappings that are registered with userfaultfd(2): those whose `VmFlags` hold `um`
  /// (missing pages), `uw` (write-protected pages) or `ui` (minor faults).
  ///
  /// - Parameter text: the bytes of the file. Lines that are not as described are passed over.
  /// - Returns: their addresses, in the order of the file.
  public static func userFaultRanges(smapsText text: [UInt8]) -> [AddressRange] {
    var found: [AddressRange] = []
    var current: AddressRange?
    for line in text.split(separator: 0x0A) {
      // A header starts with an address, whose letters are small; all other lines with a capital.
      if let first = line.first, first < UInt8(ascii: "A") || first >= UInt8(ascii: "a") {
        current = range(line)
      } else if let here = current, line.starts(with: "VmFlags:".utf8), isRegistered(line) {
        found.append(here)
      }
    }
    return found
  }

  private static func range(_ header: ArraySlice<UInt8>) -> AddressRange? {
    let ends = header.prefix { $0 != 0x20 }.split(separator: UInt8(ascii: "-"))
    guard ends.count == 2, let start = UInt64(hexadecimal: ends[0]),
      let end = UInt64(hexadecimal: ends[1])
    else { return nil }
    return AddressRange(start: Address(start), end: Address(end))
  }

  private static func isRegistered(_ line: ArraySlice<UInt8>) -> Bool {
    line.split(separator: 0x20).contains { flag in
      flag.elementsEqual("um".utf8) || flag.elementsEqual("uw".utf8)
        || flag.elementsEqual("ui".utf8)
    }
  }
}
