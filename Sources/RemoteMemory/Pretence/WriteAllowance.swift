import Synchronization

/// How many writes may still be made, to all processes that share it. It never grows.
///
/// A patch counts once for each of its places, a freeze once. Taking back what was changed is always
/// allowed and counts nothing.
public final class WriteAllowance: Sendable {
  private let rest = Atomic(Int.max)

  /// Any number, until it is limited.
  public init() {}

  /// How many are left; nil: any number.
  public var left: Int? {
    let left = rest.load(ordering: .relaxed)
    return left == .max ? nil : left
  }

  /// Allows only so many from now on; false, and nothing is changed, where fewer are left.
  public func limit(to count: Int) -> Bool {
    var left = rest.load(ordering: .relaxed)
    while count <= left {
      let (isSet, current) = rest.compareExchange(
        expected: left, desired: max(count, 0), ordering: .relaxed)
      if isSet { return true }
      left = current
    }
    return false
  }

  /// Takes one; false when none is left.
  func take() -> Bool {
    var left = rest.load(ordering: .relaxed)
    while left != .max {
      guard left > 0 else { return false }
      let (isTaken, current) = rest.compareExchange(
        expected: left, desired: left - 1, ordering: .relaxed)
      if isTaken { return true }
      left = current
    }
    return true
  }
}
