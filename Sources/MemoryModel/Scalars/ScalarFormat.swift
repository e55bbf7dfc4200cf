/// How a single value lies in memory: its type, and its byte order where that is fixed.
///
/// Names are the type's, followed by `le` or `be` where the order is fixed: `u8`, `f32`, `u32be`,
/// `ptrle`.
public struct ScalarFormat: Hashable, Sendable {
  /// What the bytes mean.
  public let type: ScalarType
  /// The order of the bytes; nil means the target's own.
  public let byteOrder: ByteOrder?

  /// The format of `type` in `byteOrder`; the order of a one-byte type is dropped, since it has
  /// none.
  @inlinable public init(_ type: ScalarType, byteOrder: ByteOrder? = nil) {
    self.type = type
    switch type {
    case .u8, .i8, .bool: self.byteOrder = nil
    default: self.byteOrder = byteOrder
    }
  }

  /// The format with this name, or nil when there is none. Names are written in lower case.
  public init?(name: String) {
    if let type = ScalarType(rawValue: name) {
      self.init(type)
      return
    }
    let order: ByteOrder
    if name.hasSuffix("le") {
      order = .little
    } else if name.hasSuffix("be") {
      order = .big
    } else {
      return nil
    }
    guard let type = ScalarType(rawValue: String(name.dropLast(2))) else { return nil }
    self.init(type, byteOrder: order)
    if byteOrder == nil { return nil }
  }

  /// The name, as `init(name:)` reads it.
  public var name: String {
    switch byteOrder {
    case nil: type.rawValue
    case .little: type.rawValue + "le"
    case .big: type.rawValue + "be"
    }
  }

  /// Every format: each type in the order of `ScalarType.allCases`, followed by its `le` and `be`
  /// forms.
  public static let all: [ScalarFormat] = ScalarType.allCases.flatMap { type in
    var formats = [ScalarFormat(type)]
    for order in ByteOrder.allCases where type.byteCount(pointerWidth: .eight) > 1 {
      formats.append(ScalarFormat(type, byteOrder: order))
    }
    return formats
  }

  /// The size in bytes in a target with pointers of this width.
  @inlinable public func byteCount(pointerWidth: PointerWidth) -> Int {
    type.byteCount(pointerWidth: pointerWidth)
  }

  /// The natural alignment in bytes, which is the size.
  ///
  /// The i386 ABI aligns 8-byte members of a struct to 4; natural alignment is what scans use.
  @inlinable public func alignment(pointerWidth: PointerWidth) -> Int {
    type.byteCount(pointerWidth: pointerWidth)
  }
}

extension ScalarFormat: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}

extension ScalarFormat {
  /// A value of this type as text; a single with as few digits as read back as the same single.
  public func text(of value: ScalarValue) -> String {
    guard type == .f32, case .real(let number) = value else { return value.description }
    return Float(number).description
  }
}
