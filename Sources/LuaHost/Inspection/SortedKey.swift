internal import CLuaBridge

/// A key of a table with a place among the others: numbers by size, then texts, then all else.
struct SortedKey: Comparable {
  private let rank: Int
  private let number: Double
  private let bytes: [UInt8]
  /// The key as it is shown.
  let value: InspectedValue

  /// Keys are cut to this many bytes.
  private static let longest = 256

  init(_ stack: RawStack, _ index: Int32) {
    switch stack.type(index) {
    case PVL_INTEGER:
      let integer = stack.integer(index)
      (rank, number, bytes, value) = (0, Double(integer), [], .integer(integer))
    case PVL_NUMBER:
      let text = stack.numberText(index)
      (rank, number, bytes, value) = (0, Double(text) ?? .infinity, [], .number(text))
    case PVL_STRING:
      let (text, count) = stack.bytes(index, limit: Self.longest) ?? ([], 0)
      (rank, number, bytes, value) = (1, 0, text, .bytes(text, count: count))
    case PVL_BOOLEAN:
      let truth = stack.truth(index)
      (rank, number, bytes, value) = (2, truth ? 1 : 0, [], .boolean(truth))
    default:
      let name = Array(stack.typeName(index).utf8)
      (rank, number, bytes, value) = (3, 0, name, .described(name, count: name.count))
    }
  }

  static func < (a: SortedKey, b: SortedKey) -> Bool {
    if a.rank != b.rank { return a.rank < b.rank }
    if a.number != b.number { return a.number < b.number }
    return a.bytes.lexicographicallyPrecedes(b.bytes)
  }

  static func == (a: SortedKey, b: SortedKey) -> Bool {
    a.rank == b.rank && a.number == b.number && a.bytes == b.bytes
  }
}
