/// Several types asked at once.
public enum TypeGroup: String, Hashable, Sendable, CaseIterable {
  /// Integers and reals.
  case any
  /// Integers of 1, 2, 4 and 8 bytes: the signed type, or the unsigned one where only that can
  /// hold what is asked for.
  case int
  /// Singles and doubles.
  case float

  /// The types that are tried, one list per width; the first of a list that can hold what is asked
  /// for is taken.
  public var choices: [[ScalarType]] {
    let integers: [[ScalarType]] = [[.i8, .u8], [.i16, .u16], [.i32, .u32], [.i64, .u64]]
    let reals: [[ScalarType]] = [[.f32], [.f64]]
    switch self {
    case .any: return integers + reals
    case .int: return integers
    case .float: return reals
    }
  }
}

/// A condition worked out for one type of a group.
public struct TypedIntervals: Hashable, Sendable {
  /// The type.
  public let format: ScalarFormat
  /// What its values are compared with.
  public let intervals: ValueIntervals
}

extension ValueCondition {
  /// Works the condition out for each type of a group that can hold what is asked for; the others
  /// are left out, and so are the values of `oneOf` that a type cannot hold.
  ///
  /// - Parameters:
  ///   - group: the types to try.
  ///   - pointerWidth: the target's.
  ///   - byteOrder: the order of all types; nil for the target's own.
  /// - Returns: at least one type, narrow ones first.
  /// - Throws: `ConditionError`, when no type is left or the condition makes no sense for any.
  public func intervals(
    for group: TypeGroup, pointerWidth: PointerWidth, byteOrder: ByteOrder? = nil
  ) throws(ConditionError) -> [TypedIntervals] {
    var found: [TypedIntervals] = []
    for types in group.choices {
      let formats = types.map { ScalarFormat($0, byteOrder: byteOrder) }
      var typed = try first(of: formats, pointerWidth) { _ in self }
      if typed == nil, case .oneOf(let values) = comparison {
        typed = try first(of: formats, pointerWidth) { format throws(ConditionError) in
          try keeping(values, that: format, pointerWidth)
        }
      }
      if let typed { found.append(typed) }
    }
    guard !found.isEmpty else { throw .noType(group, asked: description) }
    return found
  }

  /// The first format that takes what `condition` asks of it.
  private func first(
    of formats: [ScalarFormat], _ pointerWidth: PointerWidth,
    asking condition: (ScalarFormat) throws(ConditionError) -> ValueCondition?
  ) throws(ConditionError) -> TypedIntervals? {
    for format in formats {
      guard let asked = try condition(format) else { continue }
      do throws(ConditionError) {
        let intervals = try asked.intervals(for: format, pointerWidth: pointerWidth)
        return TypedIntervals(format: format, intervals: intervals)
      } catch {
        guard error.isAboutType else { throw error }
      }
    }
    return nil
  }

  /// The condition with those values only that a format can hold; nil when there is none.
  private func keeping(
    _ values: [ScalarValue], that format: ScalarFormat, _ pointerWidth: PointerWidth
  ) throws(ConditionError) -> ValueCondition? {
    var kept: [ScalarValue] = []
    for value in values {
      var one = self
      one.comparison = .equal(value)
      do throws(ConditionError) {
        _ = try one.intervals(for: format, pointerWidth: pointerWidth)
        kept.append(value)
      } catch {
        guard error.isAboutType else { throw error }
      }
    }
    guard !kept.isEmpty else { return nil }
    var condition = self
    condition.comparison = .oneOf(kept)
    return condition
  }
}
