extension ValueChange {
  /// Works the change out for one type.
  ///
  /// - Parameters:
  ///   - format: the type; its byte order does not matter here.
  ///   - pointerWidth: the target's, which sets the size of `ptr`.
  ///   - encoding: how the program stores the values; numbers are of values, not of what is stored.
  /// - Throws: `ConditionError`, when the change makes no sense for the type or cannot be told of
  ///   values stored so: more and less of integers stored with `add`, or of reals stored with `xor`
  ///   or `rotate`.
  public func test(
    for format: ScalarFormat, pointerWidth: PointerWidth, encoding: StoredEncoding = .none
  ) throws(ConditionError) -> ChangeTest {
    let shape = ScalarShape(format: format, pointerWidth: pointerWidth)
    let key = try encoding.key(for: shape)
    let isFalling = try encoding.factor()?.isNegative ?? false
    switch self {
    case .changed: return ChangeTest(shape, .equal, isInverted: true)
    case .unchanged: return ChangeTest(shape, .equal)
    default: break
    }
    guard !shape.isBoolean else { throw .unorderedBoolean }
    let rotation = shape.turn(0 &- shape.turn(encoding.rotate ?? 0))
    guard !shape.isReal || (key == 0 && rotation == 0) else { throw .encodedRealOrder(format) }
    var test = try ordered(shape, encoding, isFalling)
    test.undo(key: key, rotation: rotation)
    return test
  }

  private func ordered(
    _ shape: ScalarShape, _ encoding: StoredEncoding, _ isFalling: Bool
  ) throws(ConditionError) -> ChangeTest {
    switch self {
    case .changed, .unchanged: return ChangeTest(shape, .equal)
    case .increased: return try order(!isFalling, false, shape, encoding)
    case .decreased: return try order(isFalling, false, shape, encoding)
    case .notIncreased: return try order(!isFalling, true, shape, encoding)
    case .notDecreased: return try order(isFalling, true, shape, encoding)
    case .increasedBy(let step, let tolerance):
      return try difference(by(step, tolerance, shape, encoding), of: step, shape)
    case .decreasedBy(let step, let tolerance):
      let growth = try by(step, tolerance, shape, encoding)
      return try difference(growth.scaled(by: ExactDecimal(Int64(-1))), of: step, shape)
    case .byBetween(let low, let high):
      let first = try shape.plainNumber(low, isScaled: true)
      let last = try shape.plainNumber(high, isScaled: true)
      guard !(last < first) else { throw .swappedBounds(low, high) }
      let stretch = try Stretch(from: first, to: last).scaled(as: encoding)
      return try difference(stretch, of: low, shape)
    case .percent(let low, let high): return try percent(low, high, shape, encoding, isFalling)
    }
  }

  private func order(
    _ isGreater: Bool, _ isInverted: Bool, _ shape: ScalarShape, _ encoding: StoredEncoding
  ) throws(ConditionError) -> ChangeTest {
    guard shape.isReal || (encoding.add ?? 0) == 0 else { throw .shiftedOrder(shape.format) }
    return ChangeTest(shape, isGreater ? .greater : .less, isInverted: isInverted)
  }

  /// The differences that count as a growth by `step`, as stored.
  private func by(
    _ step: ScalarValue, _ tolerance: Double?, _ shape: ScalarShape, _ encoding: StoredEncoding
  ) throws(ConditionError) -> Stretch {
    let number = try shape.plainNumber(step, isScaled: true)
    var match = RealMatch.exact
    if let tolerance {
      match = .tolerance(tolerance)
    } else if shape.isReal, number.isFinite {
      let isSingle = shape.format.type == .f32
      let part = isSingle ? 0x1p-11 : 0x1p-40
      match = .tolerance(number.nearest(RealGrid(isSingle: false)).magnitude * part)
    }
    try match.check()
    return try match.window(around: number).scaled(as: encoding)
  }

  private func difference(
    _ stretch: Stretch, of step: ScalarValue, _ shape: ScalarShape
  ) throws(ConditionError) -> ChangeTest {
    if shape.isReal {
      let range = stretch.reals(of: RealGrid(isSingle: false))
      return ChangeTest(
        shape, .difference, lowReal: range?.lowerBound ?? .infinity,
        highReal: range?.upperBound ?? -.infinity)
    }
    let reach = Int128(shape.wordMask)
    let half = (reach &+ 1) / 2
    let least = stretch.low.isFinite ? -reach : -half
    let greatest = stretch.high.isFinite ? reach : half &- 1
    guard let wholes = stretch.wholes(within: min(least, greatest)...greatest) else {
      let isBeyond = stretch.wholes(within: -(1 << 100)...(1 << 100)) != nil
      throw .value(shape.error(step, isBeyond ? .outOfRange : .notWhole), scale: nil)
    }
    let span = wholes.upperBound &- wholes.lowerBound
    return ChangeTest(
      shape, .difference, low: shape.word(wholes.lowerBound),
      span: span < reach ? UInt64(truncatingIfNeeded: span) : shape.wordMask)
  }

  private func percent(
    _ low: Double, _ high: Double, _ shape: ScalarShape, _ encoding: StoredEncoding,
    _ isFalling: Bool
  ) throws(ConditionError) -> ChangeTest {
    guard !low.isNaN, !high.isNaN else { throw .notANumber }
    guard low <= high else { throw .swappedBounds(.real(low), .real(high)) }
    guard (encoding.add ?? 0) == 0 else { throw .shiftedPercent }
    // Infinity times a value of 0 would be NaN.
    let limit = Double.greatestFiniteMagnitude
    let first = min(max(low / 100, -limit), limit)
    let last = min(max(high / 100, -limit), limit)
    return ChangeTest(
      shape, .percent, lowReal: isFalling ? -last : first, highReal: isFalling ? -first : last)
  }
}

extension Stretch {
  /// The numbers as they are stored, before `add`.
  fileprivate func scaled(as encoding: StoredEncoding) throws(ConditionError) -> Stretch {
    guard let factor = try encoding.factor() else { return self }
    return scaled(by: factor)
  }
}

extension ChangeTest {
  /// A test of values that are not disguised.
  fileprivate init(
    _ shape: ScalarShape, _ relation: Relation, isInverted: Bool = false, low: UInt64 = 0,
    span: UInt64 = 0, lowReal: Double = 0, highReal: Double = 0
  ) {
    self.init(
      byteCount: shape.byteCount, isReal: shape.isReal, isSigned: shape.isSigned,
      relation: relation, isInverted: isInverted, key: 0, rotation: 0, low: low, span: span,
      lowReal: lowReal, highReal: highReal)
  }

  fileprivate mutating func undo(key: UInt64, rotation: Int) {
    self = ChangeTest(
      byteCount: byteCount, isReal: isReal, isSigned: isSigned, relation: relation,
      isInverted: isInverted, key: key, rotation: rotation, low: low, span: span,
      lowReal: lowReal, highReal: highReal)
  }
}
