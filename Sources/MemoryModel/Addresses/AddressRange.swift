/// A run of bytes in the memory of some process: where it starts and how long it is.
///
/// A range never wraps: one that would pass the end of the 64-bit range is cut there.
public struct AddressRange: Hashable, Sendable {
  /// The first byte.
  public let start: Address
  /// The length in bytes.
  public let count: UInt64

  /// The range of `count` bytes from `start`, cut at the end of the 64-bit range.
  @inlinable public init(start: Address, count: UInt64) {
    self.start = start
    let limit = start.rawValue == 0 ? UInt64.max : UInt64.max &- start.rawValue &+ 1
    self.count = min(count, limit)
  }

  /// The range from `start` up to, not including, `end`; empty when `end` is not above `start`.
  @inlinable public init(start: Address, end: Address) {
    self.start = start
    self.count = end > start ? end.rawValue &- start.rawValue : 0
  }

  /// The address after the last byte; `0xffffffffffffffff` when the range reaches the end of the
  /// 64-bit range.
  @inlinable public var end: Address { start.adding(count) ?? Address(.max) }

  /// Whether the range holds no byte.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Whether the byte at `address` is in the range.
  @inlinable public func contains(_ address: Address) -> Bool {
    address >= start && address.rawValue &- start.rawValue < count
  }

  /// Whether every byte of `other` is in this range; an empty range is in it when its start is
  /// inside or at its end.
  @inlinable public func contains(_ other: AddressRange) -> Bool {
    guard other.start >= start else { return false }
    let skipped = other.start.rawValue &- start.rawValue
    return skipped <= count && other.count <= count &- skipped
  }

  /// Whether the two ranges share a byte.
  @inlinable public func overlaps(_ other: AddressRange) -> Bool {
    !isEmpty && !other.isEmpty && (contains(other.start) || other.contains(start))
  }

  /// The bytes both ranges hold, or nil when they share none.
  @inlinable public func intersection(_ other: AddressRange) -> AddressRange? {
    guard overlaps(other) else { return nil }
    let low = max(start, other.start)
    let left = count &- (low.rawValue &- start.rawValue)
    let right = other.count &- (low.rawValue &- other.start.rawValue)
    return AddressRange(start: low, count: min(left, right))
  }
}

extension AddressRange: CustomStringConvertible {
  /// Both ends in hexadecimal: `0x1000-0x2000`.
  public var description: String { "\(start)-\(end)" }
}
