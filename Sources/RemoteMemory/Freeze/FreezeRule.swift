public import MemoryModel

/// What a frozen place is to hold.
public struct FreezeRule: Sendable {
  /// A limit, with the bytes it is written as.
  struct Bound {
    let value: ScalarValue
    let bytes: [UInt8]
  }

  enum Kind {
    case exactly([UInt8])
    case within(StoredScalar, low: Bound?, high: Bound?)
  }

  let kind: Kind

  /// Just these bytes.
  public static func hold(_ bytes: [UInt8]) -> FreezeRule { FreezeRule(kind: .exactly(bytes)) }

  /// Any value within limits; one beyond them is written over with the limit. What is no number of
  /// the kind NaN is beyond any.
  /// - Parameters:
  ///   - low: the least value; nil for none.
  ///   - high: the greatest value; nil for none.
  ///   - scalar: how values lie there.
  /// - Throws: `ERANGE` for a limit that the type cannot hold, `EINVAL` when there is none or the
  ///   lower one is above the upper one.
  public static func within(
    _ low: ScalarValue?, _ high: ScalarValue?, as scalar: StoredScalar
  ) throws(RemoteMemoryError) -> FreezeRule {
    if let low, let high, !high.isLess(than: low) {
    } else if low == nil || high == nil, low != nil || high != nil {
    } else {
      throw RemoteMemoryError(.freeze, .invalid, detail: "the limits leave no value")
    }
    let lowest = try bound(low, scalar)
    let highest = try bound(high, scalar)
    return FreezeRule(kind: .within(scalar, low: lowest, high: highest))
  }

  private static func bound(_ value: ScalarValue?, _ scalar: StoredScalar)
    throws(RemoteMemoryError) -> Bound?
  {
    guard let value else { return nil }
    return Bound(value: value, bytes: try scalar.bytes(of: value))
  }

  /// How many bytes it is about.
  public var byteCount: Int {
    switch kind {
    case .exactly(let bytes): bytes.count
    case .within(let scalar, _, _): scalar.byteCount
    }
  }

  /// The bytes that are held, where one look at them tells all.
  var fixedBytes: [UInt8]? {
    guard case .exactly(let bytes) = kind else { return nil }
    return bytes
  }

  /// What is to be written over these bytes, as many as it is about; nil: they may stay.
  func correction(of bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    switch kind {
    case .exactly(let wanted): return unsafe bytes.elementsEqual(wanted) ? nil : wanted
    case .within(let scalar, let low, let high):
      let value = unsafe scalar.value(of: bytes)
      if let low, value.isLess(than: low.value) || value.real.isNaN { return low.bytes }
      if let high, high.value.isLess(than: value) || value.real.isNaN { return high.bytes }
      return nil
    }
  }
}
