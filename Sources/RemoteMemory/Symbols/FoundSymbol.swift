public import MemoryModel

/// A symbol, and where it lies in one process.
public struct FoundSymbol: Hashable, Sendable {
  /// Its module.
  public let module: Module
  /// What the file says of it.
  public let symbol: ModuleSymbol
  /// Its name as people write it.
  public let name: String
  /// Where it lies; nil where each thread has its own.
  public let address: Address?
}

/// What an address is called.
public struct PlaceName: Hashable, Sendable {
  /// The module, or the region that the kernel gives a name.
  public let place: String
  /// The symbol in it, as people write it; nil for none.
  public let symbol: String?
  /// How far behind the start of the symbol, or of the place where there is none.
  public let offset: UInt64

  /// `libc.so.6!malloc+0x12`, `libc.so.6+0x1234`, `[heap]+0x40`.
  public var text: String {
    var text = place
    if let symbol { text += "!" + symbol }
    if offset != 0 { text += "+0x" + String(offset, radix: 16) }
    return text
  }
}
