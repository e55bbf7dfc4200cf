import MemoryModel

extension RemoteMemoryError {
  /// What to do next, in one or a few lines; nil where there is nothing sensible to say.
  ///
  /// All advice of the shared core is written here, or in `AccessDiagnosis` for refusals.
  public var hint: String? {
    switch cause {
    case .denied(let diagnosis): diagnosis.hint
    case .replaced:
      "addresses of the old program mean nothing in the new one; attach again to follow it"
    case .sandboxed where operation == .attach || operation == .wait:
      "--sandbox lets a script reach what -p, -n or -w name, and nothing else"
    case .sandboxed: "--sandbox keeps it from scripts; run without it what you trust"
    case .sharedFile: "allow it for this write with the option that permits shared files"
    case .notWritable where operation == .patch:
      "the program itself cannot write there; a patch of its code has to say so: code=true"
    case .notWritable:
      "the program itself cannot write there; ordinary writes never force their way"
    case .ambiguous(let candidates) where !candidates.isEmpty: Self.list(candidates)
    case .notInstalled(let package): "install it: apt-get install \(package)"
    case .absent: "list the processes to see what runs"
    default: nil
    }
  }

  /// The candidates, one a line.
  private static func list(_ candidates: [ProcessSummary]) -> String {
    let shown = candidates.prefix(10).map { "  \($0)" }
    let rest = candidates.count - shown.count
    let more = rest > 0 ? ["  and \(rest) more"] : []
    return (["choose one by its number:"] + shown + more).joined(separator: "\n")
  }
}
