import Synchronization

/// The patches of this program that are enabled, in the order in which they were.
///
/// They outlive whoever made them: a patch that a script has forgotten is still taken back.
public enum ActivePatches {
  private static let patches = Mutex<[Patch]>([])

  /// All of them.
  public static var all: [Patch] { patches.withLock { $0 } }

  /// Takes all back but those that are to stay or were only pretended, the last one first. May be
  /// called from any thread.
  /// - Returns: what could not be taken back, and why; a process that is gone is no reason.
  @discardableResult
  public static func restoreAll() -> [(patch: Patch, error: RemoteMemoryError)] {
    var failures: [(Patch, RemoteMemoryError)] = []
    for patch in all.reversed() where !patch.options.isKept && !patch.process.isPretending {
      do throws(RemoteMemoryError) {
        try patch.disable()
      } catch {
        if !error.isLoss { failures.append((patch, error)) }
      }
    }
    return failures
  }

  static func add(_ patch: Patch) { patches.withLock { $0.append(patch) } }

  static func remove(_ patch: Patch) { patches.withLock { $0.removeAll { $0 === patch } } }
}

extension RemoteMemoryError {
  /// Whether the process is gone, or runs another program: it cannot be reached again.
  var isLoss: Bool {
    switch cause {
    case .absent, .gone, .zombie, .replaced, .closed: true
    default: false
    }
  }
}
