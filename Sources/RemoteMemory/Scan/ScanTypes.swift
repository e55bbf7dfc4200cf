public import MemoryModel

/// What a value scan looks for: one type, some, or a group of which those are taken that can hold
/// the value.
public enum ScanTypes: Hashable, Sendable {
  /// One type.
  case one(ScalarFormat)
  /// A group: `any`, `int`, `float`.
  case group(TypeGroup)
}

extension ScanTypes: CustomStringConvertible {
  /// The name.
  public var description: String {
    switch self {
    case .one(let format): format.name
    case .group(let group): group.rawValue
    }
  }
}

extension ScanTypes {
  /// The lanes of a first scan.
  /// - Parameter alignment: bytes between candidates; nil for each type's own.
  func lanes(_ condition: ValueCondition, alignment: Int?, in source: any MemorySource)
    throws(RemoteMemoryError) -> [ScanLane]
  {
    do throws(ConditionError) {
      let width = source.pointerWidth
      switch self {
      case .one(let format):
        let intervals = try condition.intervals(for: format, pointerWidth: width)
        return [ScanLane(format, intervals, condition, alignment: alignment, in: source)]
      case .group(let group):
        return try condition.intervals(for: group, pointerWidth: width).map {
          ScanLane($0.format, $0.intervals, condition, alignment: alignment, in: source)
        }
      }
    } catch {
      throw RemoteMemoryError(error)
    }
  }
}

extension RemoteMemoryError {
  /// A condition that cannot be asked.
  init(_ error: ConditionError) {
    let cause: Cause =
      switch error {
      case .value, .beyondReal: .range
      default: .invalid
      }
    self.init(.scan, cause, detail: "\(error)")
  }
}
