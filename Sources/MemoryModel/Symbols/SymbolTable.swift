/// The symbols of one module, to be looked up by address and by name.
///
/// Millions of them fit: an entry takes 32 bytes, beside its name.
public struct SymbolTable: Sendable {
  /// A symbol without its name.
  struct Entry: Sendable {
    var address: UInt64
    var byteCount: UInt64
    var name: UInt32
    var nameCount: UInt32
    /// 0 for none.
    var version: UInt16
    var kind: UInt8
    var binding: UInt8
    /// How good a name it is for its place: fewer is better.
    var rank: UInt8
    var isDefault: Bool
  }

  /// Rising by address, the best name of a place first.
  let entries: [Entry]
  let names: [UInt8]
  let versions: [String]
  /// Stretches that a symbol without a size does not reach beyond.
  let stretches: [AddressRange]
  /// Whether the file has no more.
  public let isComplete: Bool

  /// A symbol without a size reaches no further than this.
  public static let longestReach: UInt64 = 1 << 16
  /// The most symbols of one module.
  public static let mostSymbols = 1 << 23

  /// How many there are.
  public var count: Int { entries.count }

  /// A symbol, in the order of addresses.
  public subscript(index: Int) -> ModuleSymbol {
    let entry = entries[index]
    return ModuleSymbol(
      nameBytes: Array(name(of: entry)),
      version: entry.version == 0 ? nil : versions[Int(entry.version)],
      isDefault: entry.isDefault, address: entry.address, byteCount: entry.byteCount,
      kind: ModuleSymbol.Kind.allCases[Int(entry.kind)],
      binding: ModuleSymbol.Binding.allCases[Int(entry.binding)])
  }

  func name(of entry: Entry) -> ArraySlice<UInt8> {
    names[Int(entry.name)..<(Int(entry.name) &+ Int(entry.nameCount))]
  }

  /// The name of a symbol, as the file has it.
  public func nameBytes(at index: Int) -> ArraySlice<UInt8> { name(of: entries[index]) }

  /// Where a symbol lies, by the file's own addresses.
  public func address(at index: Int) -> UInt64 { entries[index].address }

  /// The symbol that an address lies in: the innermost of those that say their size, else the last
  /// one before it that does not.
  /// - Returns: its index; nil where no symbol reaches.
  public func index(containing address: UInt64) -> Int? {
    var index = firstIndex(above: address) &- 1
    guard index >= 0 else { return nil }
    var nearest: Int?
    // Symbols lie in each other, though not many deep.
    for _ in 0..<Self.depth {
      let start = entries[index].address
      let first = firstIndex(from: start)
      let reach = address &- start
      for candidate in first...min(index, first &+ Self.depth) {
        let byteCount = entries[candidate].byteCount
        if reach < byteCount { return candidate }
        if byteCount == 0, nearest == nil { nearest = candidate }
      }
      index = first &- 1
      guard index >= 0 else { break }
    }
    return nearest.flatMap { reaches($0, address) ? $0 : nil }
  }

  private static let depth = 32

  /// Whether a symbol that does not say its size may mean an address.
  private func reaches(_ index: Int, _ address: UInt64) -> Bool {
    let start = entries[index].address
    if address == start { return true }
    guard address &- start < Self.longestReach else { return false }
    return stretches.contains { $0.contains(Address(start)) && $0.contains(Address(address)) }
  }

  private func firstIndex(from address: UInt64) -> Int {
    address == 0 ? 0 : firstIndex(above: address &- 1)
  }

  private func firstIndex(above address: UInt64) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = low &+ (high &- low) / 2
      if entries[middle].address <= address { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
