import MemoryModel

/// Makes places out of bytes that differ, which come in rising order.
struct PatchRecorder {
  /// One place, by the file's own addresses.
  struct Difference {
    let address: UInt64
    let fileOffset: UInt64
    var byteCount: Int
    var expected: [UInt8]
    var found: [UInt8]
    /// The address behind its last byte.
    var end: UInt64 { address &+ UInt64(byteCount) }
  }

  private(set) var patches: [Difference] = []
  /// How many there were, those that are not kept among them.
  private(set) var count = 0
  private var current: Difference?

  /// Takes in one byte that differs.
  /// - Parameters:
  ///   - address: where it lies, by the file.
  ///   - fileOffset: where it stands in the file.
  ///   - index: where it is in the two buffers, which also hold the bytes before it.
  mutating func add(
    _ address: UInt64, _ fileOffset: UInt64, _ index: Int,
    _ expected: UnsafeMutableRawBufferPointer, _ found: UnsafeMutableRawBufferPointer
  ) {
    if var open = current, address >= open.end, address - open.end < UInt64(ModuleComparison.gap),
      case let skipped = Int(address - open.end), skipped <= index
    {
      current = nil
      for place in (index - skipped)...index {
        open.byteCount += 1
        guard open.expected.count < ModuleComparison.mostBytes else { continue }
        unsafe open.expected.append(expected[place])
        unsafe open.found.append(found[place])
      }
      current = open
      return
    }
    close()
    current = unsafe Difference(
      address: address, fileOffset: fileOffset, byteCount: 1, expected: [expected[index]],
      found: [found[index]])
  }

  /// Ends the place under way.
  mutating func close() {
    guard let place = current else { return }
    current = nil
    count += 1
    if patches.count < ModuleComparison.mostPatches { patches.append(place) }
  }
}
