import LuaHost
import MemoryModel

extension Display {
  /// A failed entry's message for a person: what happened, the line it happened in, what helps, and
  /// which calls led there.
  ///
  /// - Parameters:
  ///   - message: as Lua words it, with a traceback or without.
  ///   - entry: what was typed, and how Lua calls it.
  public func error(_ message: [UInt8], entry: [UInt8], chunk: String = "stdin") -> [UInt8] {
    let error = ErrorMessage(String(decoding: message, as: UTF8.self))
    var lines = [StyledText(error.text, .error)]
    if let place = error.place { lines += source(error, place, entry, chunk) }
    lines += error.hints.map { StyledText($0, .hint) }
    lines += error.frames.prefix(Self.mostFrames).map { StyledText("  \($0)", .dim) }
    if error.frames.count > Self.mostFrames {
      lines.append(StyledText("  ... \(error.frames.count - Self.mostFrames) more calls", .dim))
    }
    return bytes(lines)
  }

  private static let mostFrames = 12

  /// The line, and below it a mark where the fault is certain.
  private func source(
    _ error: ErrorMessage, _ place: (chunk: String, line: Int), _ entry: [UInt8], _ chunk: String
  ) -> [StyledText] {
    let isEntry = place.chunk == chunk
    let lines = entry.split(separator: 0x0A, omittingEmptySubsequences: false)
    let line =
      isEntry
      ? (lines.indices.contains(place.line - 1) ? Array(lines[place.line - 1]) : nil)
      : sourceLine(place.chunk, place.line)
    guard let line else { return isEntry ? [] : [StyledText("  at \(place.chunk):\(place.line)", .dim)] }
    let label = isEntry && lines.count == 1 ? "  " : "  \(isEntry ? "" : place.chunk + ":")\(place.line)  "
    let text = SourcePaint.lines(line).first ?? StyledText()
    var shown = [(StyledText(label, .dim) + text).cut(to: width)]
    if let culprit = error.culprit(in: line) {
      let column = displayWidth(label) + StyledText(bytes: Array(line.prefix(culprit.lowerBound))).width
      if column < width {
        let marks = String(repeating: "^", count: max(1, min(culprit.count, width - column)))
        shown.append(StyledText(String(repeating: " ", count: column)) + StyledText(marks, .error))
      }
    }
    return shown
  }
}
