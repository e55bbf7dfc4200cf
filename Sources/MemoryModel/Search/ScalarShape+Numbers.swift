extension ScalarShape {
  /// A truth value; anything else is an error.
  func truth(_ value: ScalarValue) throws(ConditionError) -> Bool {
    guard case .boolean(let flag) = value else {
      throw .value(error(value, .wrongKind), scale: nil)
    }
    return flag
  }

  /// The number stored for `value`, before `add` and the bits' disguise.
  ///
  /// A negative integer stands for its bit pattern in unsigned 64-bit types, as it does when
  /// written.
  func number(
    of value: ScalarValue, encoding: StoredEncoding
  ) throws(ConditionError) -> ConditionNumber {
    let plain = try plainNumber(value, isScaled: encoding.scale != nil)
    guard let factor = try encoding.factor() else { return plain }
    return plain.scaled(by: factor)
  }

  /// The number `value` is.
  func plainNumber(_ value: ScalarValue, isScaled: Bool) throws(ConditionError) -> ConditionNumber {
    switch value {
    case .integer(let number):
      if number < 0, !isScaled, !isReal, !isSigned, bits == 64 {
        return ConditionNumber(ExactDecimal(UInt64(bitPattern: number)))
      }
      return ConditionNumber(ExactDecimal(number))
    case .unsigned(let number): return ConditionNumber(ExactDecimal(number))
    case .real(let number):
      guard let number = ConditionNumber(number) else { throw .notANumber }
      return number
    case .boolean: throw .value(error(value, .wrongKind), scale: nil)
    }
  }

  /// Checks that a number lies within the limits of the type. An infinity is beyond those of an
  /// integer type, unless it only says that a range has no end.
  func check(
    _ number: ConditionNumber, of value: ScalarValue, encoding: StoredEncoding, isOrdered: Bool
  ) throws(ConditionError) {
    switch number.kind {
    case .infinite:
      if !isReal && !isOrdered { throw .value(error(value, .notWhole), scale: nil) }
    case .finite(let decimal):
      let fits =
        isReal
        ? number.nearest(grid).isFinite
        : limits.contains(decimal.floor) && limits.contains(decimal.ceiling)
      guard !fits else { return }
      throw isReal
        ? .beyondReal(value, format, scale: encoding.scale)
        : .value(error(value, .outOfRange), scale: encoding.scale)
    }
  }

  func error(_ value: ScalarValue, _ reason: ScalarRangeError.Reason) -> ScalarRangeError {
    ScalarRangeError(value: value, format: format, pointerWidth: pointerWidth, reason: reason)
  }
}
