/// A place in the memory of some process, counted in bytes from 0.
///
/// Any 64-bit number is an address; whether something is mapped there is another question. No
/// operation traps.
public struct Address: RawRepresentable, Hashable, Sendable {
  /// The number itself.
  public let rawValue: UInt64

  /// The address with this number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The address with this number.
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// Address 0.
  public static let zero = Address(0)

  /// The address `byteCount` bytes above, or nil past the end of the 64-bit range.
  @inlinable public func adding(_ byteCount: UInt64) -> Address? {
    let (sum, overflow) = rawValue.addingReportingOverflow(byteCount)
    return overflow ? nil : Address(sum)
  }

  /// The address `byteCount` bytes above or below; wraps around at both ends, as pointers do.
  @inlinable public func offset(by byteCount: Int64) -> Address {
    Address(rawValue &+ UInt64(bitPattern: byteCount))
  }

  /// How many bytes `other` lies above this address; negative below; wraps beyond 63 bits.
  @inlinable public func distance(to other: Address) -> Int64 {
    Int64(bitPattern: other.rawValue &- rawValue)
  }

  /// The last multiple of `alignment` at or below this address; `alignment` must be a power of two.
  @inlinable public func alignedDown(to alignment: UInt64) -> Address {
    Address(rawValue & ~(alignment &- 1))
  }

  /// How many bytes of this address's block of `alignment` bytes lie from here on, 1 to
  /// `alignment`.
  ///
  /// With 4096 it is the number of bytes to the end of the page. `alignment` must be a power of
  /// two.
  @inlinable public func bytesToBoundary(of alignment: UInt64) -> UInt64 {
    alignment &- (rawValue & (alignment &- 1))
  }
}

extension Address: Comparable {
  /// Addresses compare as unsigned numbers.
  @inlinable public static func < (left: Address, right: Address) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension Address: CustomStringConvertible {
  /// Hexadecimal with prefix: `0x7ffd1234`.
  public var description: String { "0x" + String(rawValue, radix: 16) }
}
