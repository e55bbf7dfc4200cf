public import MemoryModel

/// What lies at a hit.
public enum HitElement: Hashable, Sendable {
  /// One value of a type.
  case scalar(ScalarFormat)
  /// Bytes that fit a pattern, so many of them.
  case bytes(count: Int)
  /// Text without its terminator, so many bytes of it.
  case text(TextEncoding, byteCount: Int)
  /// Text of a length of its own, as regular expressions find it; nil for plain bytes.
  case match(TextEncoding?)
  /// A struct of so many bytes that met all its conditions.
  case record(byteCount: Int)

  /// The scalar type, if it is one.
  public var format: ScalarFormat? {
    guard case .scalar(let format) = self else { return nil }
    return format
  }

  /// How many bytes a hit covers; 1 where each has a length of its own.
  public func byteCount(pointerWidth: PointerWidth) -> Int {
    switch self {
    case .scalar(let format): format.byteCount(pointerWidth: pointerWidth)
    case .bytes(let count), .text(_, let count), .record(let count): count
    case .match: 1
    }
  }
}
