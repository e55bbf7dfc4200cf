import MemoryModel

/// Reads an image in memory as if it were its file.
struct LoadedBytes {
  let source: any MemorySource
  let base: Address
  /// How many bytes there may be.
  let byteCount: UInt64

  /// The most bytes of one answer.
  private static let mostBytes = 64 << 20

  init(_ module: Module, in source: any MemorySource) {
    self.source = source
    base = module.base
    byteCount = module.range.count
  }

  /// Bytes counted from the start of the image; fewer where they cannot be read.
  func image(_ offset: UInt64, _ count: Int) -> [UInt8] {
    guard count > 0, offset < byteCount else { return [] }
    let wanted = min(count, Int(clamping: byteCount - offset), Self.mostBytes)
    let address = Address(base.rawValue &+ offset)
    return (try? source.readPartial(at: address, count: wanted).bytes) ?? []
  }

  /// Bytes counted from the start of the file, of what its segments bring into memory.
  func file(_ segments: [ELFProgramHeader], distance: UInt64) -> FileReader {
    let loaded = segments.filter { $0.type == ELFProgramHeader.load && $0.fileByteCount > 0 }
    return { offset, count in
      guard count > 0,
        let segment = loaded.first(where: {
          offset >= $0.offset && offset - $0.offset < $0.fileByteCount
        })
      else { return [] }
      let skipped = offset - segment.offset
      let wanted = min(count, Int(clamping: segment.fileByteCount - skipped), Self.mostBytes)
      let address = Address(segment.address &+ skipped &+ distance)
      return (try? source.readPartial(at: address, count: wanted).bytes) ?? []
    }
  }
}
