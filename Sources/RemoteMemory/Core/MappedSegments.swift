import MemoryModel

/// How the dynamic linker lays out a program or library: its segments, moved to where it lies.
struct MappedSegments {
  private static let mostHeaders = 256
  private static let pageSize: UInt64 = 4096

  private let segments: [ELFProgramHeader]
  /// What is added to the addresses of the file.
  private let shift: UInt64

  /// Reads the program headers of a file whose first page lies at `base`; nil when it has none.
  init?(_ file: CoreBytes, base: Address) {
    guard let header = try? ELFHeader(parsing: file.bytes(at: 0, 64)) else { return nil }
    let size = ELFProgramHeader.byteCount(header.format)
    guard Int(header.programHeaderSize) == size else { return nil }
    let count = min(Int(header.programHeaderCount), Self.mostHeaders)
    let table = file.bytes(at: header.programHeaderOffset, count * size)
    segments = (0..<count).compactMap {
      ELFProgramHeader(parsing: table, at: $0 * size, format: header.format)
    }
    guard
      let first = segments.first(where: {
        $0.type == ELFProgramHeader.load && $0.offset < Self.pageSize
      })
    else { return nil }
    shift = base.rawValue &- (first.address &- first.offset)
  }

  /// What is permitted at an address once the program is linked.
  func permissions(at address: Address) -> Permissions {
    let place = address.rawValue &- shift
    func covers(_ segment: ELFProgramHeader) -> Bool {
      let start = segment.address & ~(Self.pageSize - 1)
      let end = segment.address &+ segment.memoryByteCount &+ (Self.pageSize - 1)
      return place >= start && place < end & ~(Self.pageSize - 1)
    }
    guard
      let segment = segments.first(where: { $0.type == ELFProgramHeader.load && covers($0) })
    else { return [] }
    let isSealed = segments.contains {
      $0.type == ELFProgramHeader.readOnlyAfterRelocation && covers($0)
    }
    return isSealed ? segment.permissions.subtracting(.write) : segment.permissions
  }
}
