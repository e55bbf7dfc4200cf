public import MemoryModel

/// A way from a place with a name to an address: follow a pointer, add a number, and so on.
public struct PointerPath: Hashable, Sendable {
  /// What it begins in.
  public let base: PointerBase
  /// Where in it the first pointer lies; an address where the base has no name.
  public let offset: UInt64
  /// What is added after each pointer, in bytes.
  public let offsets: [Int64]

  /// A path.
  public init(base: PointerBase, offset: UInt64, offsets: [Int64]) {
    self.base = base
    self.offset = offset
    self.offsets = offsets
  }

  /// As an address is written: `[[game+0x1234]+0x10]+8`.
  public var expression: AddressExpression {
    AddressExpression(name: base.name, start: offset, offsets: offsets)
  }

  /// Where the first pointer lay when it was found.
  public var root: Address { Address(base.start.rawValue &+ offset) }
}

extension PointerPath: CustomStringConvertible {
  /// The expression.
  public var description: String { expression.description }
}
