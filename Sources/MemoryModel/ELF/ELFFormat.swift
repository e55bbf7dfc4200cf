/// How the numbers of an ELF file are written: the width of its addresses and the order of bytes.
///
/// Reading never leaves the bytes it is given: a number that does not lie in them is nil.
public struct ELFFormat: Hashable, Sendable {
  /// The ELF class: how wide addresses, offsets and sizes are.
  public let pointerWidth: PointerWidth
  /// Which byte of a number comes first.
  public let byteOrder: ByteOrder

  /// A format.
  public init(pointerWidth: PointerWidth, byteOrder: ByteOrder) {
    self.pointerWidth = pointerWidth
    self.byteOrder = byteOrder
  }

  /// Whether addresses have 8 bytes.
  @inlinable public var is64Bit: Bool { pointerWidth == .eight }

  /// The number of `width` bytes at `offset`.
  @inlinable public func number(_ bytes: [UInt8], _ offset: Int, width: Int) -> UInt64? {
    guard offset >= 0, width >= 0, width <= 8, offset <= bytes.count,
      width <= bytes.count &- offset
    else { return nil }
    var value: UInt64 = 0
    for index in 0..<width {
      let place = byteOrder == .big ? offset &+ index : offset &+ width &- 1 &- index
      value = value << 8 | UInt64(bytes[place])
    }
    return value
  }

  /// A number of 2 bytes.
  @inlinable public func half(_ bytes: [UInt8], _ offset: Int) -> UInt16? {
    number(bytes, offset, width: 2).map(UInt16.init(truncatingIfNeeded:))
  }

  /// A number of 4 bytes.
  @inlinable public func word(_ bytes: [UInt8], _ offset: Int) -> UInt32? {
    number(bytes, offset, width: 4).map(UInt32.init(truncatingIfNeeded:))
  }

  /// A number of 8 bytes.
  @inlinable public func long(_ bytes: [UInt8], _ offset: Int) -> UInt64? {
    number(bytes, offset, width: 8)
  }

  /// A number as wide as an address.
  @inlinable public func pointer(_ bytes: [UInt8], _ offset: Int) -> UInt64? {
    number(bytes, offset, width: pointerWidth.bytes)
  }

  /// Adds a number of `width` bytes, at most 8; what of the value does not fit is dropped.
  public func append(_ value: UInt64, width: Int, to bytes: inout [UInt8]) {
    for index in 0..<max(0, min(width, 8)) {
      let place = byteOrder == .little ? index : width &- 1 &- index
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 &* place)))
    }
  }

  /// Adds a number of 2 bytes.
  public func append(half value: UInt16, to bytes: inout [UInt8]) {
    append(UInt64(value), width: 2, to: &bytes)
  }

  /// Adds a number of 4 bytes.
  public func append(word value: UInt32, to bytes: inout [UInt8]) {
    append(UInt64(value), width: 4, to: &bytes)
  }

  /// Adds a number as wide as an address.
  public func append(pointer value: UInt64, to bytes: inout [UInt8]) {
    append(value, width: pointerWidth.bytes, to: &bytes)
  }
}
