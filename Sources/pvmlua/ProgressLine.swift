@preconcurrency import Glibc
import MemoryModel
import RemoteMemory

/// The line at the bottom of a terminal that tells how far a search is, once it takes a while.
final class ProgressLine {
  /// Quick searches say nothing.
  private static let patience = 0.3
  private var isShown = false

  /// Shows how far a search is; nil: it has ended, and the line goes.
  func show(_ progress: ScanProgress?) {
    guard let progress else {
      if isShown { fputs("\r\u{1B}[K", stderr) }
      isShown = false
      return
    }
    guard progress.seconds >= Self.patience else { return }
    isShown = true
    fputs("\r\u{1B}[K\(text(progress))", stderr)
  }

  /// `searching 43 %, 1.2 of 2.8 GiB, 9.8 GB/s, 1234 hits, 2 s left`.
  private func text(_ progress: ScanProgress) -> String {
    let done = Double(progress.bytesDone)
    let total = Double(max(progress.bytesTotal, 1))
    let rate = done / max(progress.seconds, 1e-9)
    let tenths = Int(rate / 1e8)
    let left = rate > 0 ? Int(((total - done) / rate).rounded(.up)) : 0
    return "searching \(Int(100 * done / total)) %, \(progress.bytesDone.sizeText) of "
      + "\(progress.bytesTotal.sizeText), \(tenths / 10).\(tenths % 10) GB/s, "
      + "\(progress.hits) hits, \(left) s left (Ctrl-C stops)"
  }
}
