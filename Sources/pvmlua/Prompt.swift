@preconcurrency import Glibc
import LuaHost

/// The interactive prompt: reads lines, runs them, prints what they give.
///
/// Ctrl-C ends a running line, or drops one that is being typed; Ctrl-D leaves.
struct Prompt {
  let state: LuaState
  let color: ColorChoice
  let hasBanner: Bool

  func run() {
    if hasBanner, isatty(STDIN_FILENO) == 1 {
      print("print(pvm.help()) tells what there is; Ctrl-D leaves")
    }
    while readAndRun() {}
    print()
  }

  /// One entry of one line or more; false at the end of the input.
  private func readAndRun() -> Bool {
    guard var text = nextLine("_PROMPT", or: "> ") else { return false }
    if text == .dropped { return true }
    if text.bytes.first == UInt8(ascii: "=") {
      text.bytes.replaceSubrange(0..<1, with: Array("return ".utf8))
    }
    var outcome = run(text)
    while case .incomplete = outcome, let more = nextLine("_PROMPT2", or: ">> ") {
      if more == .dropped { return true }
      text.bytes += [UInt8(ascii: "\n")] + more.bytes
      outcome = run(text)
    }
    if outcome != .completed {
      Complaint(bytes: outcome.message, hasName: false).write(color: color)
    }
    return true
  }

  private func run(_ line: Line) -> Outcome {
    state.run(
      Chunk.bytes(line.bytes, name: "=stdin").with(triesExpression: true, printsResults: true))
  }

  // MARK: Lines

  /// A line without its end, or one that Ctrl-C dropped.
  private struct Line: Equatable {
    var bytes: [UInt8]
    var isDropped = false
    static let dropped = Line(bytes: [], isDropped: true)
  }

  /// The next line; nil at the end. Read through the C stream, so that io.read finds what follows it.
  private func nextLine(_ variable: String, or usual: String) -> Line? {
    let watch = InterruptWatch.begin()
    defer { watch.end() }
    print(state.globalText(variable) ?? usual, terminator: "")
    fflush(stdout)
    guard watch.awaitInput() else {
      print()
      return .dropped
    }
    // A read that Ctrl-C ended before has left its mark.
    if ferror(stdin) != 0 { clearerr(stdin) }
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    let count = getline(&buffer, &capacity, stdin)
    defer { free(buffer) }
    guard count > 0, let buffer else { return nil }
    let end = buffer[count - 1] == CChar(UInt8(ascii: "\n")) ? count - 1 : count
    return Line(bytes: Array(UnsafeRawBufferPointer(start: buffer, count: end)))
  }
}
