extension ValueCondition {
  /// The numbers asked for as the program stores them, before `add` and the bits' disguise; or,
  /// when the second is true, those not asked for.
  func stretches(_ shape: ScalarShape) throws(ConditionError) -> ([Stretch], Bool) {
    switch comparison {
    case .equal(let value): return ([try window(value, shape)], false)
    case .notEqual(let value): return ([try window(value, shape)], true)
    case .less(let value):
      return ([try scaled(Stretch(below: end(value, shape), isIncluded: false))], false)
    case .atMost(let value):
      return ([try scaled(Stretch(below: end(value, shape), isIncluded: true))], false)
    case .greater(let value):
      return ([try scaled(Stretch(above: end(value, shape), isIncluded: false))], false)
    case .atLeast(let value):
      return ([try scaled(Stretch(above: end(value, shape), isIncluded: true))], false)
    case .between(let low, let high):
      let (first, last) = (try end(low, shape), try end(high, shape))
      guard !(last < first) else { throw .swappedBounds(low, high) }
      return ([try scaled(Stretch(from: first, to: last))], false)
    case .oneOf(let values):
      guard !values.isEmpty else { throw .noValues }
      var windows: [Stretch] = []
      windows.reserveCapacity(values.count)
      for value in values { windows.append(try window(value, shape)) }
      return (windows, false)
    case .unknown: return ([], true)
    }
  }

  private func scaled(_ stretch: Stretch) throws(ConditionError) -> Stretch {
    guard let factor = try encoding.factor() else { return stretch }
    return stretch.scaled(by: factor)
  }

  /// A bound, checked against the limits of the type.
  private func end(
    _ value: ScalarValue, _ shape: ScalarShape
  ) throws(ConditionError) -> ConditionNumber {
    let number = try shape.plainNumber(value, isScaled: encoding.scale != nil)
    let stored = try shape.number(of: value, encoding: encoding)
    try shape.check(stored, of: value, encoding: encoding, isOrdered: true)
    return number
  }

  /// The numbers that count as equal to a value; an integer type has at least one.
  private func window(
    _ value: ScalarValue, _ shape: ScalarShape
  ) throws(ConditionError) -> Stretch {
    let number = try shape.plainNumber(value, isScaled: encoding.scale != nil)
    let stored = try shape.number(of: value, encoding: encoding)
    try shape.check(stored, of: value, encoding: encoding, isOrdered: false)
    let window = try scaled(realMatch.window(around: number))
    if shape.isReal { return window }
    guard let wholes = window.wholes(within: shape.limits) else {
      throw .value(shape.error(value, .notWhole), scale: encoding.scale)
    }
    try checkMask(wholes, value, shape)
    return window
  }

  /// A single number with bits outside the mask would never match.
  private func checkMask(
    _ wholes: ClosedRange<Int128>, _ value: ScalarValue, _ shape: ScalarShape
  ) throws(ConditionError) {
    guard let bitMask, wholes.lowerBound == wholes.upperBound else { return }
    guard shape.word(wholes.lowerBound) & ~bitMask == 0 else { throw .outsideMask(value, bitMask) }
  }
}
