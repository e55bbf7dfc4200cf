/// Finds the symbols of a table by their names.
public struct SymbolNames: Sendable {
  /// Indices of symbols, counted from 1, at the place their name hashes to or behind it; 0 for free.
  private var slots: [UInt32]
  /// For each symbol the next one of the same name, counted from 1; 0 for none.
  private var next: [UInt32]

  /// An index of a table.
  public init(_ table: SymbolTable) {
    var size = 16
    while size < table.count &* 2 { size &*= 2 }
    slots = [UInt32](repeating: 0, count: size)
    next = [UInt32](repeating: 0, count: table.count)
    for index in (0..<table.count).reversed() {
      let slot = slot(of: table.nameBytes(at: index), in: table)
      next[index] = slots[slot]
      slots[slot] = UInt32(index &+ 1)
    }
  }

  /// The symbols of a name, by their indices in the table, rising.
  public func indices(of name: ArraySlice<UInt8>, in table: SymbolTable) -> [Int] {
    var found: [Int] = []
    var index = slots[slot(of: name, in: table)]
    while index != 0 {
      found.append(Int(index) &- 1)
      index = next[Int(index) &- 1]
    }
    return found
  }

  /// The slot of a name, or the free one that it would take.
  private func slot(of name: ArraySlice<UInt8>, in table: SymbolTable) -> Int {
    // Seeded anew in each run, so that no file can be made for all names to collide.
    var hasher = Hasher()
    name.withUnsafeBytes { hasher.combine(bytes: $0) }
    var slot = hasher.finalize() & (slots.count &- 1)
    while slots[slot] != 0, table.nameBytes(at: Int(slots[slot]) &- 1) != name {
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return slot
  }
}
