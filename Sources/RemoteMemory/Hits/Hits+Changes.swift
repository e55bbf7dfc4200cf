import CScanKernels
public import MemoryModel

extension Hits {
  /// What is left when the values are compared with earlier ones.
  /// - Parameters:
  ///   - change: how they are to have changed. Patterns, texts and structs know changed and
  ///     unchanged: no longer, or still, there.
  ///   - other: the scan whose values count; nil for those of this step. A hit that it does not have
  ///     is dropped.
  ///   - progress: as in `ScanOptions`.
  /// - Throws: `EINVAL` and `ERANGE` for a change that makes no sense for any type, `ENOTSUP` for
  ///   hits that are no values, `ESRCH` and `EXEC` when the process is gone.
  public func compared(
    _ change: ValueChange, with other: Hits? = nil, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> Hits {
    if lanes.allSatisfy({ $0.element.format == nil }) {
      guard change == .changed || change == .unchanged else {
        throw noValues("\(change)")
      }
      return try stillThere(change == .unchanged, progress: progress)
    }
    var steps: [NextStep] = []
    var refusal: ConditionError?
    for lane in lanes {
      do throws(ConditionError) {
        let test = try lane.element.format.map { (format) throws(ConditionError) in
          try change.test(
            for: format, pointerWidth: source.pointerWidth, encoding: lane.encoding)
        }
        guard let test, let format = lane.element.format else {
          steps.append(.drop)
          continue
        }
        let isSwapped = format.isSwapped(in: source) != (ByteOrder.host == .big)
        steps.append(
          .compare(ValueComparison(change: pvk_change(test, isSwapped: isSwapped), other: other)))
      } catch {
        guard error.isAboutType else { throw RemoteMemoryError(error) }
        refusal = error
        steps.append(.drop)
      }
    }
    let isRefused = steps.allSatisfy { if case .drop = $0 { true } else { false } }
    if isRefused, let refusal { throw RemoteMemoryError(refusal) }
    let title = other.map { "\(change) since \"\($0.title)\"" } ?? "\(change)"
    return try NextScan.run(self, steps, title: title, progress: progress)
  }
}

extension pvk_change {
  /// A change that was worked out for a type, as the loops take it.
  fileprivate init(_ test: ChangeTest, isSwapped: Bool) {
    self.init()
    width = UInt8(test.byteCount)
    real = test.isReal
    is_signed = test.isSigned
    swapped = isSwapped && test.byteCount > 1
    inverted = test.isInverted
    let relation =
      switch test.relation {
      case .equal: PVK_EQUAL
      case .greater: PVK_GREATER
      case .less: PVK_LESS
      case .difference: PVK_DIFFERENCE
      case .percent: PVK_PERCENT
      }
    self.relation = UInt8(relation.rawValue)
    rotate = UInt8(test.rotation)
    key = test.key
    interval = pvk_interval(
      low: test.low, span: test.span, low_real: test.lowReal, high_real: test.highReal)
  }
}
