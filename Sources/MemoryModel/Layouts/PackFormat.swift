/// A format of Lua's `string.pack`, with the same options, sizes, alignment and limits as Lua 5.4
/// on a 64-bit machine.
///
/// `<` `>` `=` set the byte order, `![n]` the greatest alignment; `b B h H i[n] I[n] l L j J T` are
/// integers, `f d n` reals, `s[n]` a string after its length, `z` one with a zero byte behind it,
/// `c[n]` one of fixed size; `x` is a byte of padding, `X` aligns as the option behind it would;
/// spaces do nothing.
public struct PackFormat: Hashable, Sendable {
  /// What one option stands for.
  enum Kind: Hashable, Sendable {
    case signed
    case unsigned
    case single
    case double
    case fixedText
    case countedText
    case terminatedText
    case padding
    case alignment

    /// Whether a value belongs to it.
    var takesValue: Bool { self != .padding && self != .alignment }
  }

  /// One option.
  struct Item: Hashable, Sendable {
    let kind: Kind
    /// Its size in bytes, for counted text the size of the count; 0 where it has none.
    let byteCount: Int
    /// What its place must be a multiple of: a power of two.
    let alignment: Int
    let byteOrder: ByteOrder
    /// How the format names it, for messages.
    let column: Int
  }

  /// The options that do something, in order.
  let items: [Item]
  /// For each item, the least number of bytes it and everything behind it take.
  let leastRest: [Int]

  /// How many values it reads and writes.
  public let valueCount: Int

  /// How many bytes it takes; nil when that depends on the data (`s`, `z`).
  public let fixedByteCount: Int?

  /// The greatest size of anything in a format, 2^31 - 1 bytes, as in Lua.
  static let byteLimit = Int(Int32.max)

  /// Reads a format.
  /// - Throws: `PackFormatError` with the column and Lua's wording.
  public init(parsing format: String) throws(PackFormatError) {
    var parser = PackFormatParser(Array(format.utf8))
    items = try parser.items()
    valueCount = items.count { $0.kind.takesValue }
    fixedByteCount = try Self.fixedByteCount(of: items)
    var rest = [Int](repeating: 0, count: items.count &+ 1)
    for index in items.indices.reversed() {
      let least = items[index].kind == .terminatedText ? 1 : items[index].byteCount
      rest[index] = rest[index &+ 1] &+ least
    }
    leastRest = rest
  }

  /// The sum of the sizes and of the padding between them.
  private static func fixedByteCount(of items: [Item]) throws(PackFormatError) -> Int? {
    var total = 0
    for item in items {
      if item.kind == .countedText || item.kind == .terminatedText { return nil }
      total &+= padding(at: total, for: item) &+ item.byteCount
      guard total <= byteLimit else {
        throw PackFormatError(column: item.column, problem: "format result too large")
      }
    }
    return total
  }

  /// How many bytes of padding stand before an item that comes at `position`.
  static func padding(at position: Int, for item: Item) -> Int {
    (item.alignment &- (position & (item.alignment &- 1))) & (item.alignment &- 1)
  }
}
