/// Where the prompt's lines come from: a terminal with editing, or any stream.
protocol LineReader: AnyObject {
  /// Shows a sign and reads a line.
  func line(_ request: LineRequest) -> LineInput
  /// Does something that prints while a line is typed; the line stays as it is.
  func above(_ body: () -> Void)
  /// Keeps an entry, so that it can be had again.
  func remember(_ entry: [UInt8])
}

/// What is known when a line is asked for.
struct LineRequest {
  /// What is shown before the line; without colours.
  var sign: String
  /// The earlier lines of the same entry, each with its end.
  var earlier: [UInt8] = []
  /// Blanks that the line begins with.
  var indent = 0
}

/// A line without its end, or why there is none.
enum LineInput: Equatable {
  case line([UInt8])
  /// Ctrl-C.
  case dropped
  case end
}
