import Synchronization

/// Changes of other processes that last until they are taken back, such as patches.
public enum StandingChanges {
  private static let preparation = Mutex<(@Sendable () -> Void)?>(nil)

  /// Has something done once before the first change is made: a program that makes changes
  /// prepares for taking them back when it is ended.
  public static func beforeFirst(_ body: @escaping @Sendable () -> Void) {
    preparation.withLock { $0 = body }
  }

  /// To be called before each change.
  static func willBegin() {
    let body = preparation.withLock { body in
      defer { body = nil }
      return body
    }
    body?()
  }
}
