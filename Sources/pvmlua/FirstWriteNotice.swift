@preconcurrency import Glibc
import RemoteMemory
import Synchronization

/// Says at the prompt, once for each process, that it is written to for the first time.
final class FirstWriteNotice: Sendable {
  private let isAtPrompt = Atomic(false)

  /// From now on a person types; what a script wrote before was said in the script.
  func begin() { isAtPrompt.store(true, ordering: .relaxed) }

  /// Says it.
  @Sendable func tell(_ process: RemoteProcess) {
    guard isAtPrompt.load(ordering: .relaxed) else { return }
    fputs(
      "pvmlua: writing to \(process.label) for the first time; --dry-run shows without doing\n",
      stderr)
  }
}
