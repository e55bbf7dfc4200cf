extension ScalarFormat {
  /// Reads one value from `bytes`, `offset` bytes in.
  ///
  /// Allocates nothing. `u64` and `ptr` come back unsigned, other integers signed, `bool` is any
  /// byte but 0.
  /// - Parameters:
  ///   - bytes: the bytes of memory, of any alignment.
  ///   - offset: where the value starts, in bytes; default 0.
  ///   - pointerWidth: the target's, which sets the size of `ptr`.
  ///   - targetOrder: the target's byte order, used where the format fixes none; default little.
  /// - Returns: the value, or nil when `bytes` ends before the value does.
  @inlinable public func decode(
    _ bytes: UnsafeRawBufferPointer, at offset: Int = 0, pointerWidth: PointerWidth,
    targetOrder: ByteOrder = .little
  ) -> ScalarValue? {
    let size = type.byteCount(pointerWidth: pointerWidth)
    guard offset >= 0, bytes.count >= size, offset <= bytes.count &- size,
      let base = bytes.baseAddress
    else { return nil }
    let place = base + offset
    let isBig = (byteOrder ?? targetOrder) == .big
    switch type {
    case .u8: return .integer(Int64(place.load(as: UInt8.self)))
    case .i8: return .integer(Int64(place.load(as: Int8.self)))
    case .bool: return .boolean(place.load(as: UInt8.self) != 0)
    case .u16: return .integer(Int64(Self.load(UInt16.self, place, isBig)))
    case .i16: return .integer(Int64(Self.load(Int16.self, place, isBig)))
    case .u32: return .integer(Int64(Self.load(UInt32.self, place, isBig)))
    case .i32: return .integer(Int64(Self.load(Int32.self, place, isBig)))
    case .u64: return .unsigned(Self.load(UInt64.self, place, isBig))
    case .i64: return .integer(Self.load(Int64.self, place, isBig))
    case .f32: return .real(Double(Float(bitPattern: Self.load(UInt32.self, place, isBig))))
    case .f64: return .real(Double(bitPattern: Self.load(UInt64.self, place, isBig)))
    case .ptr:
      return size == 8
        ? .unsigned(Self.load(UInt64.self, place, isBig))
        : .unsigned(UInt64(Self.load(UInt32.self, place, isBig)))
    }
  }

  /// Reads one value from an array, as the other `decode` does from raw bytes.
  @inlinable public func decode(
    _ bytes: [UInt8], at offset: Int = 0, pointerWidth: PointerWidth,
    targetOrder: ByteOrder = .little
  ) -> ScalarValue? {
    bytes.withUnsafeBytes {
      decode($0, at: offset, pointerWidth: pointerWidth, targetOrder: targetOrder)
    }
  }

  /// One integer at any alignment, in the asked byte order.
  @inlinable static func load<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ place: UnsafeRawPointer, _ isBig: Bool
  ) -> Number {
    let raw = place.loadUnaligned(as: type)
    return isBig ? Number(bigEndian: raw) : Number(littleEndian: raw)
  }
}
