@preconcurrency import Glibc
import MemoryModel
import RemoteMemory
import Synchronization

/// Shows on standard error what a dry run would have written, as it comes.
final class DryRunReport: Sendable {
  private struct Totals {
    var writes = 0
    var bytes = 0
    var unchanged = 0
  }

  private let isColored: Bool
  private let totals = Mutex(Totals())

  init(color: ColorChoice) { isColored = color.applies(to: STDERR_FILENO) }

  /// Shows one write: a line about it, and old and new bytes of the first rows that differ. One
  /// that changes nothing is only counted.
  @Sendable func show(_ write: ProposedWrite) {
    totals.withLock { totals in
      totals.writes += 1
      totals.bytes += write.byteCount
      totals.unchanged += write.changesNothing ? 1 : 0
    }
    if !write.changesNothing { put(WriteText(write).text(colors: isColored)) }
  }

  /// Says what it came to.
  func finish() {
    let totals = totals.withLock { $0 }
    let writes = totals.writes == 1 ? "1 write" : "\(totals.writes) writes"
    var text = "pvmlua: dry run: "
    text += totals.writes == 0 ? "no write" : "\(writes) of \(totals.bytes) bytes in all, none done"
    if totals.unchanged > 0 { text += "; \(totals.unchanged) would change nothing" }
    put(text + "\n")
  }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, stderr)
  }
}
