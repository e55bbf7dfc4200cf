import Glibc
import Testing

/// What a terminal shows after some output, by the terminal emulator pyte.
struct Screen {
  /// The rows without blanks at their ends; rows that are empty at the bottom are left out.
  let rows: [String]
  var text: String { rows.joined(separator: "\n") }

  /// Debian's own python3, for which pyte is packaged.
  private static let python = "/usr/bin/python3"
  static let isPossible =
    (try? Run(python, ["-c", "import pyte"]))?.status == .exited(0)
  init(_ output: [UInt8], columns: Int = 80, rows: Int = 24) throws {
    let folder = try Scratch()
    try folder.add("output", output)
    let run = try Run(
      Self.python, ["-c", Self.filter, folder.path + "/output", "\(columns)", "\(rows)"])
    guard run.status == .exited(0) else { throw SupportFailure("pyte: \(run.error)") }
    var lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    self.rows = lines
  }

  /// What has scrolled off comes first.
  private static let filter = """
    import sys, pyte
    path, columns, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    screen = pyte.HistoryScreen(columns, rows, history=100000)
    pyte.ByteStream(screen).feed(open(path, "rb").read())
    lines = ["".join(line[x].data for x in range(columns)) for line in screen.history.top]
    for line in lines + list(screen.display):
        sys.stdout.buffer.write(line.rstrip().encode("utf-8", "replace") + b"\\n")
    """
}

extension Terminal {
  /// What is shown now.
  func screenNow(columns: Int = 80, rows: Int = 24) throws -> Screen {
    awaitQuiet()
    return try Screen(output, columns: columns, rows: rows)
  }
}

extension Trait where Self == ConditionTrait {
  /// For tests that compare what a terminal shows.
  static var onScreen: Self { .enabled(if: Screen.isPossible, "python3-pyte is not installed") }
}
