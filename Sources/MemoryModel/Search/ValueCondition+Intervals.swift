extension ValueCondition {
  /// Works the condition out for one type.
  ///
  /// - Parameters:
  ///   - format: the type; its byte order does not matter here.
  ///   - pointerWidth: the target's, which sets the size of `ptr`.
  /// - Returns: the intervals; none, when no value of the type can match although the numbers fit
  ///   it, as for less than 0 of an unsigned type.
  /// - Throws: `ConditionError`, when the type cannot hold a number of the condition or the
  ///   condition makes no sense.
  public func intervals(
    for format: ScalarFormat, pointerWidth: PointerWidth
  ) throws(ConditionError) -> ValueIntervals {
    let shape = ScalarShape(format: format, pointerWidth: pointerWidth)
    try realMatch.check()
    _ = try encoding.factor()
    let disguise = try Disguise(
      key: encoding.key(for: shape), mask: mask(for: shape),
      rotation: shape.turn(0 &- shape.turn(encoding.rotate ?? 0)))
    if comparison == .unknown { return .everything(shape) }
    if shape.isBoolean { return try booleanIntervals(shape, disguise) }
    let (stretches, isComplement) = try stretches(shape)
    return shape.isReal
      ? try realIntervals(stretches, isComplement, shape, disguise)
      : wholeIntervals(stretches, isComplement, shape, disguise)
  }

  /// What is undone before comparing.
  private struct Disguise {
    let key: UInt64
    let mask: UInt64
    let rotation: Int
    var isNone: Bool { key == 0 && rotation == 0 }
  }

  private func mask(for shape: ScalarShape) throws(ConditionError) -> UInt64 {
    guard let bitMask else { return shape.wordMask }
    guard bitMask != 0 else { throw .emptyMask }
    guard !encoding.changesNumber else { throw .maskOnArithmetic }
    guard !shape.isReal else { throw .maskOnReal(shape.format) }
    guard let mask = shape.fitting(bitMask) else { throw .maskTooWide(bitMask, shape.format) }
    return mask
  }

  /// False is the byte 0, true every other.
  private func booleanIntervals(
    _ shape: ScalarShape, _ disguise: Disguise
  ) throws(ConditionError) -> ValueIntervals {
    guard !encoding.changesNumber else { throw .encodedBoolean }
    let words = { (flag: Bool) in flag ? 1...shape.wordMask : UInt64(0)...0 }
    let ranges: [ClosedRange<UInt64>]
    switch comparison {
    case .equal(let value): ranges = [words(try shape.truth(value))]
    case .notEqual(let value): ranges = [words(try !shape.truth(value))]
    case .oneOf(let values):
      guard !values.isEmpty else { throw .noValues }
      var flags: [ClosedRange<UInt64>] = []
      for value in values { flags.append(words(try shape.truth(value))) }
      ranges = flags
    default: throw .unorderedBoolean
    }
    return ValueIntervals(
      byteCount: shape.byteCount, isInverted: false,
      ranges: ValueIntervals.wholes(ranges, shape, isComplement: false), key: disguise.key,
      rotation: disguise.rotation, mask: disguise.mask)
  }

  private func wholeIntervals(
    _ stretches: [Stretch], _ isComplement: Bool, _ shape: ScalarShape, _ disguise: Disguise
  ) -> ValueIntervals {
    let limits = shape.limits
    let ranges = stretches.compactMap { $0.wholes(within: limits) }
      .flatMap { ValueIntervals.words($0, adding: encoding.add ?? 0, shape) }
    return ValueIntervals(
      byteCount: shape.byteCount, isInverted: false,
      ranges: ValueIntervals.wholes(ranges, shape, isComplement: isComplement),
      key: disguise.key, rotation: disguise.rotation, mask: disguise.mask)
  }

  /// Reals whose bits are disguised are compared as bits.
  private func realIntervals(
    _ stretches: [Stretch], _ isComplement: Bool, _ shape: ScalarShape, _ disguise: Disguise
  ) throws(ConditionError) -> ValueIntervals {
    let grid = shape.grid
    let added = ExactDecimal(encoding.add ?? 0)
    let ranges = stretches.compactMap { stretch in
      ((encoding.add ?? 0) == 0 ? stretch : stretch.moved(by: added)).reals(of: grid)
    }
    guard !disguise.isNone else {
      return ValueIntervals(
        byteCount: shape.byteCount, isInverted: isComplement,
        ranges: ValueIntervals.reals(ranges, grid), key: 0, rotation: 0, mask: shape.wordMask)
    }
    let words = ranges.flatMap { ValueIntervals.words($0, grid) }
    return ValueIntervals(
      byteCount: shape.byteCount, isInverted: false,
      ranges: ValueIntervals.wholes(words, shape, isComplement: isComplement), key: disguise.key,
      rotation: disguise.rotation, mask: disguise.mask)
  }
}

extension ValueIntervals {
  /// Every value, whatever its bits.
  static func everything(_ shape: ScalarShape) -> ValueIntervals {
    ValueIntervals(
      byteCount: shape.byteCount, isInverted: true, ranges: shape.isReal ? .real([]) : .whole([]),
      key: 0, rotation: 0, mask: shape.wordMask)
  }
}
