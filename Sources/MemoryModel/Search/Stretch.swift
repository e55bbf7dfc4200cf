/// A number of a condition: finite, or an infinity as an open end.
struct ConditionNumber: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case finite(ExactDecimal)
    case infinite(isNegative: Bool)
  }

  let kind: Kind
  /// The real this number was given as, while nothing has been computed with it.
  let source: Double?

  init(_ number: ExactDecimal) {
    kind = .finite(number)
    source = nil
  }

  /// Nil for NaN.
  init?(_ number: Double) {
    source = number
    if let decimal = ExactDecimal(number) {
      kind = .finite(decimal)
    } else if number.isInfinite {
      kind = .infinite(isNegative: number < 0)
    } else {
      return nil
    }
  }

  private init(kind: Kind, source: Double?) {
    self.kind = kind
    self.source = source
  }

  static func infinity(isNegative: Bool) -> ConditionNumber {
    ConditionNumber(
      kind: .infinite(isNegative: isNegative), source: isNegative ? -.infinity : .infinity)
  }

  var isFinite: Bool {
    if case .finite = kind { true } else { false }
  }

  /// The value of a real type that is closest, rounded once.
  func nearest(_ grid: RealGrid) -> Double {
    if let source { return grid.nearest(source) }
    switch kind {
    case .finite(let decimal): return grid.nearest(decimal)
    case .infinite(let isNegative): return isNegative ? -.infinity : .infinity
    }
  }

  /// Multiplied by a finite factor that is not 0.
  func scaled(by factor: ExactDecimal) -> ConditionNumber {
    switch kind {
    case .finite(let decimal): ConditionNumber(decimal * factor)
    case .infinite(let isNegative): .infinity(isNegative: isNegative != factor.isNegative)
    }
  }

  /// Moved by a finite distance.
  func moved(by distance: ExactDecimal) -> ConditionNumber {
    guard case .finite(let decimal) = kind else { return self }
    return ConditionNumber(decimal + distance)
  }

  static func < (left: ConditionNumber, right: ConditionNumber) -> Bool {
    switch (left.kind, right.kind) {
    case (.finite(let a), .finite(let b)): a < b
    case (.infinite(let isNegative), .finite): isNegative
    case (.finite, .infinite(let isNegative)): !isNegative
    case (.infinite(let a), .infinite(let b)): a && !b
    }
  }
}

/// Numbers between two ends, before a type has a say.
struct Stretch: Hashable, Sendable {
  var low: ConditionNumber
  var isLowIncluded: Bool
  var high: ConditionNumber
  var isHighIncluded: Bool
  /// What a real type takes instead when it has no value between the ends, they being too close.
  var middle: ConditionNumber?

  init(
    from low: ConditionNumber, isLowIncluded: Bool, to high: ConditionNumber,
    isHighIncluded: Bool, middle: ConditionNumber? = nil
  ) {
    self.low = low
    self.isLowIncluded = isLowIncluded
    self.high = high
    self.isHighIncluded = isHighIncluded
    self.middle = middle
  }

  /// One number.
  init(only number: ConditionNumber) { self.init(from: number, to: number) }

  /// Everything from `low` to `high`, both included.
  init(from low: ConditionNumber, to high: ConditionNumber) {
    self.init(from: low, isLowIncluded: true, to: high, isHighIncluded: true)
  }

  /// Everything below `high`.
  init(below high: ConditionNumber, isIncluded: Bool) {
    self.init(
      from: .infinity(isNegative: true), isLowIncluded: true, to: high, isHighIncluded: isIncluded)
  }

  /// Everything above `low`.
  init(above low: ConditionNumber, isIncluded: Bool) {
    self.init(
      from: low, isLowIncluded: isIncluded, to: .infinity(isNegative: false), isHighIncluded: true)
  }

  /// Every number multiplied by `factor`, which is not 0.
  func scaled(by factor: ExactDecimal) -> Stretch {
    let (low, high) = (low.scaled(by: factor), high.scaled(by: factor))
    let middle = middle?.scaled(by: factor)
    guard factor.isNegative else {
      return Stretch(
        from: low, isLowIncluded: isLowIncluded, to: high, isHighIncluded: isHighIncluded,
        middle: middle)
    }
    return Stretch(
      from: high, isLowIncluded: isHighIncluded, to: low, isHighIncluded: isLowIncluded,
      middle: middle)
  }

  /// Every number moved by `distance`.
  func moved(by distance: ExactDecimal) -> Stretch {
    var moved = self
    moved.low = low.moved(by: distance)
    moved.high = high.moved(by: distance)
    moved.middle = middle?.moved(by: distance)
    return moved
  }

  /// The whole numbers of the stretch that lie within `limits`, or nil when there is none.
  func wholes(within limits: ClosedRange<Int128>) -> ClosedRange<Int128>? {
    var (first, last) = (limits.lowerBound, limits.upperBound)
    switch low.kind {
    case .finite(let end): first = max(first, isLowIncluded ? end.ceiling : end.floor &+ 1)
    case .infinite(let isNegative): if !isNegative { return nil }
    }
    switch high.kind {
    case .finite(let end): last = min(last, isHighIncluded ? end.floor : end.ceiling &- 1)
    case .infinite(let isNegative): if isNegative { return nil }
    }
    return first <= last ? first...last : nil
  }

  /// The reals of the stretch that the type has, by their least and greatest; nil when there is
  /// none. The ends are read as the type reads any number, rounded to its closest value.
  func reals(of grid: RealGrid) -> ClosedRange<Double>? {
    if let least = least(of: grid), let greatest = greatest(of: grid), least <= greatest {
      return (least + 0)...(greatest + 0)
    }
    return middle.map { ($0.nearest(grid) + 0)...($0.nearest(grid) + 0) }
  }

  private func least(of grid: RealGrid) -> Double? {
    let nearest = low.nearest(grid)
    if low.isFinite && nearest.isInfinite { return nearest < 0 ? -grid.greatest : nil }
    if isLowIncluded { return nearest }
    return nearest == .infinity ? nil : grid.above(nearest)
  }

  private func greatest(of grid: RealGrid) -> Double? {
    let nearest = high.nearest(grid)
    if high.isFinite && nearest.isInfinite { return nearest > 0 ? grid.greatest : nil }
    if isHighIncluded { return nearest }
    return nearest == -.infinity ? nil : grid.below(nearest)
  }
}
