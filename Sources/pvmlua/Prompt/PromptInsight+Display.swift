import CReadline
@preconcurrency import Glibc
import LuaHost
import PVMModule

extension PromptInsight {
  /// What those know who know Lua and the API. Where nobody looks at a terminal, values and errors
  /// stay as print and Lua have them.
  init(_ display: Display) {
    display.columns = { Self.columns }
    display.write = { bytes in fwrite(bytes, 1, bytes.count, stdout) }
    display.sourceLine = SourceFile.line
    display.sources.files = { FileNames.candidates(startingWith: $0) }
    let libraries = LuaLibraries(display.state)
    display.sources.libraries = { libraries.candidates(startingWith: $0) }
    completions = { entry, cursor in
      Completions(display.completion(Array(entry.prefix(cursor))), display)
    }
    hint = { entry, cursor in display.hint(Array(entry.prefix(cursor)), columns: Self.columns) }
    colored = { display.painted($0) }
    translated = { display.translated($0) }
    entryDone = { display.attend() }
    if isatty(STDOUT_FILENO) == 1 {
      resultText = { call, places in try display.results(call, places) }
    }
    if isatty(STDIN_FILENO) == 1 {
      errorText = { message, entry in display.error(message, entry: entry) }
    }
  }

  private static var columns: Int {
    var (columns, rows): (Int32, Int32) = (80, 24)
    pvm_terminal_size(&columns, &rows)
    return Int(columns)
  }
}

extension Completions {
  fileprivate init(_ completion: Completion, _ display: Display) {
    self.init()
    start = completion.range.lowerBound
    candidates = completion.candidates.map { candidate in
      Candidate(text: Array(candidate.text.utf8), suffix: Array(candidate.ending.utf8))
    }
    let shown = completion.candidates
    listing = { columns, rows in display.listing(shown, columns: columns, rows: rows) }
  }
}
