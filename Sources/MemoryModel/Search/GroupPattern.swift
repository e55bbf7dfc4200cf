/// Values that lie near each other, as the fields of a struct do whose layout is not known.
public struct GroupPattern: Hashable, Sendable {
  /// One of the values.
  public struct Item: Hashable, Sendable {
    /// Its type.
    public var format: ScalarFormat
    /// What it is to be.
    public var condition: ValueCondition

    /// A value of a type.
    public init(_ format: ScalarFormat, _ condition: ValueCondition) {
      self.format = format
      self.condition = condition
    }
  }

  /// The values, 2 to 12. Equal ones are found at as many places.
  public var items: [Item]
  /// All values lie, whole, in a stretch of so many bytes; at most 64 KiB.
  public var within: Int
  /// Whether they lie in the order given; otherwise in any. Either way no two share a byte.
  public var isOrdered: Bool
  /// Addresses of values are multiples of this, in bytes, 1 to 65536; nil for the size of each type.
  public var alignment: Int?

  /// Values within `within` bytes of each other.
  public init(_ items: [Item], within: Int, isOrdered: Bool = false, alignment: Int? = nil) {
    self.items = items
    self.within = within
    self.isOrdered = isOrdered
    self.alignment = alignment
  }

  /// The most values of a group.
  public static let mostItems = 12
  /// The longest stretch in bytes.
  public static let longestStretch = 64 << 10

  /// The items that differ, in the order they are given first.
  public var distinctItems: [Item] {
    var distinct: [Item] = []
    for item in items where !distinct.contains(item) { distinct.append(item) }
    return distinct
  }

  /// Checks what does not depend on the memory.
  /// - Throws: `GroupPatternError`.
  public func check(pointerWidth: PointerWidth) throws(GroupPatternError) {
    guard 2...Self.mostItems ~= items.count else { throw .itemCount(items.count) }
    let needed = items.reduce(0) { $0 &+ $1.format.byteCount(pointerWidth: pointerWidth) }
    guard needed...Self.longestStretch ~= within else { throw .stretch(within, needed: needed) }
    if let alignment {
      guard 1...RecordPattern.mostBytes ~= alignment else { throw .alignment(alignment) }
    }
  }
}

extension GroupPattern: CustomStringConvertible {
  /// `i32 = 100, f32 between 1 and 2 within 256 bytes`.
  public var description: String {
    let names = items.map(\.description).joined(separator: ", ")
    return names + (isOrdered ? " in this order" : "") + " within \(within) bytes"
  }
}

extension GroupPattern.Item: CustomStringConvertible {
  /// `i32 = 100`.
  public var description: String { "\(format) \(condition)" }
}

/// Why a group cannot be searched for.
public enum GroupPatternError: Error, Hashable, Sendable {
  /// Fewer than 2 values, or more than 12.
  case itemCount(Int)
  /// The values do not fit the stretch, or it is longer than 64 KiB.
  case stretch(Int, needed: Int)
  /// The alignment is not 1 to 65536 bytes.
  case alignment(Int)
  /// An item that every value meets.
  case anything(GroupPattern.Item)
}

extension GroupPatternError: CustomStringConvertible {
  /// One line: what is wrong, and what to do instead.
  public var description: String {
    switch self {
    case .itemCount(let count):
      "a group has 2 to \(GroupPattern.mostItems) values, got \(count)"
    case .stretch(let within, let needed):
      "these values take \(needed) bytes; they can be asked for within \(needed) to"
        + " \(GroupPattern.longestStretch) bytes of each other, got \(within)"
    case .alignment(let alignment):
      "an alignment is 1 to \(RecordPattern.mostBytes) bytes, got \(alignment)"
    case .anything(let item): "\(item) is true of every value; ask for something"
    }
  }
}
