public import MemoryModel

extension RemoteProcess {
  /// Everything worth knowing about our access to a process, gathered now; nothing is opened for
  /// longer, and nothing happens to the process.
  /// - Parameters:
  ///   - process: its number.
  ///   - errno: what a call on it failed with, or what it would be diagnosed for; errno(3).
  public static func accessEvidence(for process: ProcessID, errno: Errno) -> AccessEvidence {
    SystemAccessEvidence().evidence(for: process, errno: errno)
  }
}
