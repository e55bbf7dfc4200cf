extension ScalarFormat {
  /// Writes one value into `bytes`, `offset` bytes in, after checking that the type can hold it.
  ///
  /// Integer types take whole numbers within their limits, also as a real such as `3.0`; `u64` and
  /// an 8-byte `ptr` also take a negative integer as its bit pattern; `f32` and `f64` take any
  /// number, rounded; `bool` takes truth values only.
  /// - Parameters:
  ///   - value: the value to write.
  ///   - bytes: where the encoded bytes go, of any alignment; unchanged when an error is thrown.
  ///   - offset: where the value starts, in bytes; default 0.
  ///   - pointerWidth: the target's, which sets the size and the limits of `ptr`.
  ///   - targetOrder: the target's byte order, used where the format fixes none; default little.
  /// - Throws: `ScalarRangeError`, which names the value, the type and its limits.
  @inlinable public func encode(
    _ value: ScalarValue, into bytes: UnsafeMutableRawBufferPointer, at offset: Int = 0,
    pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) throws(ScalarRangeError) {
    let bits = try bitPattern(of: value, pointerWidth: pointerWidth)
    let size = type.byteCount(pointerWidth: pointerWidth)
    guard offset >= 0, bytes.count >= size, offset <= bytes.count &- size,
      let base = bytes.baseAddress
    else { throw error(value, pointerWidth, .noRoom) }
    let place = base + offset
    let isBig = (byteOrder ?? targetOrder) == .big
    switch size {
    case 1: place.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
    case 2: Self.store(UInt16(truncatingIfNeeded: bits), place, isBig)
    case 4: Self.store(UInt32(truncatingIfNeeded: bits), place, isBig)
    default: Self.store(bits, place, isBig)
    }
  }

  /// The encoded bytes of one value; checks as the other `encode` does.
  public func encode(
    _ value: ScalarValue, pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) throws(ScalarRangeError) -> [UInt8] {
    var bits = try bitPattern(of: value, pointerWidth: pointerWidth)
    let size = type.byteCount(pointerWidth: pointerWidth)
    var bytes = [UInt8](repeating: 0, count: size)
    let isBig = (byteOrder ?? targetOrder) == .big
    for index in 0..<size {
      bytes[isBig ? size &- 1 &- index : index] = UInt8(truncatingIfNeeded: bits)
      bits >>= 8
    }
    return bytes
  }

  /// The value's bits in the low end of a word, checked against the limits of the type.
  @inlinable func bitPattern(
    of value: ScalarValue, pointerWidth: PointerWidth
  ) throws(ScalarRangeError) -> UInt64 {
    switch type {
    case .bool:
      guard case .boolean(let flag) = value else { throw error(value, pointerWidth, .wrongKind) }
      return flag ? 1 : 0
    case .f32: return UInt64(try single(value, pointerWidth).bitPattern)
    case .f64: return try double(value, pointerWidth).bitPattern
    default: return try integerBits(value, pointerWidth)
    }
  }

  /// The value as a single, rounded once.
  @inlinable func single(
    _ value: ScalarValue, _ pointerWidth: PointerWidth
  ) throws(ScalarRangeError) -> Float {
    switch value {
    case .integer(let number): return Float(number)
    case .unsigned(let number): return Float(number)
    case .real(let number): return Float(number)
    case .boolean: throw error(value, pointerWidth, .wrongKind)
    }
  }

  /// The value as a double.
  @inlinable func double(
    _ value: ScalarValue, _ pointerWidth: PointerWidth
  ) throws(ScalarRangeError) -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .unsigned(let number): return Double(number)
    case .real(let number): return number
    case .boolean: throw error(value, pointerWidth, .wrongKind)
    }
  }

  /// The value as a whole number within the limits of an integer type.
  @inlinable func integerBits(
    _ value: ScalarValue, _ pointerWidth: PointerWidth
  ) throws(ScalarRangeError) -> UInt64 {
    switch value {
    case .integer(let number):
      guard holds(number, pointerWidth) else { throw error(value, pointerWidth, .outOfRange) }
      return UInt64(bitPattern: number)
    case .unsigned(let number):
      guard holds(number, pointerWidth) else { throw error(value, pointerWidth, .outOfRange) }
      return number
    case .real(let number):
      if let whole = number.wholeSigned {
        guard holds(whole, pointerWidth) else { throw error(value, pointerWidth, .outOfRange) }
        return UInt64(bitPattern: whole)
      }
      if let whole = number.wholeUnsigned {
        guard holds(whole, pointerWidth) else { throw error(value, pointerWidth, .outOfRange) }
        return whole
      }
      throw error(value, pointerWidth, number.isWhole ? .outOfRange : .notWhole)
    case .boolean: throw error(value, pointerWidth, .wrongKind)
    }
  }

  /// Whether the integer type can hold a number given with a sign.
  @inlinable func holds(_ number: Int64, _ pointerWidth: PointerWidth) -> Bool {
    switch type {
    case .u8: return UInt8(exactly: number) != nil
    case .i8: return Int8(exactly: number) != nil
    case .u16: return UInt16(exactly: number) != nil
    case .i16: return Int16(exactly: number) != nil
    case .u32: return UInt32(exactly: number) != nil
    case .i32: return Int32(exactly: number) != nil
    case .ptr: return pointerWidth == .eight || UInt32(exactly: number) != nil
    default: return true
    }
  }

  /// Whether the integer type can hold a number given without a sign.
  @inlinable func holds(_ number: UInt64, _ pointerWidth: PointerWidth) -> Bool {
    if type == .u64 || (type == .ptr && pointerWidth == .eight) { return true }
    guard let signed = Int64(exactly: number) else { return false }
    return holds(signed, pointerWidth)
  }

  /// Stores one integer at any alignment, in the asked byte order.
  @inlinable static func store<Number: FixedWidthInteger & BitwiseCopyable>(
    _ number: Number, _ place: UnsafeMutableRawPointer, _ isBig: Bool
  ) {
    place.storeBytes(of: isBig ? number.bigEndian : number.littleEndian, as: Number.self)
  }

  /// The error for a value this format cannot take.
  @usableFromInline func error(
    _ value: ScalarValue, _ pointerWidth: PointerWidth, _ reason: ScalarRangeError.Reason
  ) -> ScalarRangeError {
    ScalarRangeError(value: value, format: self, pointerWidth: pointerWidth, reason: reason)
  }
}
