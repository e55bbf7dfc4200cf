import MemoryModel

/// A field that holds an address, and what must lie there.
final class PointerLink: Sendable {
  /// Where in the struct the address lies.
  private let offset: Int
  private let shape: PointerShape
  /// What can be read.
  private let readable: AddressSet
  private let isNullable: Bool
  /// Whether the condition must not hold.
  private let isNegated: Bool
  private let test: PointeeTest

  init(
    offset: Int, _ shape: PointerShape, _ readable: AddressSet, _ condition: PointerCondition,
    _ test: PointeeTest, isNegated: Bool
  ) {
    self.offset = offset
    self.shape = shape
    self.readable = readable
    isNullable = condition.isNullable
    self.isNegated = isNegated
    self.test = test
  }

  /// The address in a struct.
  func pointer(in record: UnsafeRawPointer) -> UInt64 { unsafe shape.load(record + offset) }

  /// How many bytes at an address are worth reading; 0 when they cannot tell anything.
  func byteCount(at pointer: UInt64) -> Int {
    if pointer == 0, isNullable { return 0 }
    return readable.count(from: pointer, limit: test.byteCount)
  }

  /// Whether what lies at an address meets the condition, the address aside.
  func holds(_ bytes: UnsafeRawBufferPointer) -> Bool { unsafe test.holds(bytes) }

  /// Whether the field of a struct is as it is to be.
  /// - Parameter isMet: whether what lies at the address meets the condition.
  func holds(_ pointer: UInt64, isMet: Bool) -> Bool {
    (isMet || isNullable && pointer == 0) != isNegated
  }
}

/// A condition on bytes somewhere else, worked out for one target.
enum PointeeTest: Sendable {
  case bytes(BytePattern)
  case value(ValueMatcher)
  case printable(count: Int, byteCount: Int, TextEncoding)

  /// How many bytes are looked at.
  var byteCount: Int {
    switch self {
    case .bytes(let pattern): pattern.count
    case .value(let matcher): matcher.width
    case .printable(_, let byteCount, _): byteCount
    }
  }

  /// Whether the bytes that could be read meet the condition.
  func holds(_ bytes: UnsafeRawBufferPointer) -> Bool {
    switch self {
    case .bytes(let pattern): return unsafe pattern.matches(bytes)
    case .value(let matcher):
      guard bytes.count >= matcher.width else { return false }
      var answer: UInt64 = 0
      return unsafe matcher.mark(bytes.baseAddress!, count: 1, step: 1, into: &answer) > 0
    case .printable(let count, _, let encoding):
      return unsafe encoding.printableCount(in: bytes, limit: count) == count
    }
  }
}
