public import LuaHost
import MemoryModel

extension Display {
  /// What Tab knows at a place of an entry.
  public func completion(_ text: [UInt8]) -> Completion { Completer(state, sources).complete(text) }

  /// Candidates below the line being typed: with signatures and summaries where they all fit, else the
  /// words in columns.
  public func listing(_ candidates: [Candidate], columns: Int, rows: Int) -> [UInt8] {
    let most = max(1, rows * 2 / 3)
    let lines =
      candidates.count <= most ? described(candidates, columns) : words(candidates, columns, most)
    return bytes(lines)
  }

  private func described(_ candidates: [Candidate], _ columns: Int) -> [StyledText] {
    let hasSummaries = candidates.contains { !$0.summary.isEmpty || !$0.signature.isEmpty }
    guard hasSummaries || candidates.count <= 3 else { return words(candidates, columns, .max) }
    let table = TextTable(
      [.init(), .init(cut: .end), .init(cut: .end)],
      rows: candidates.map { candidate in
        [
          StyledText(candidate.kind.rawValue, .dim),
          StyledText(candidate.text, Self.style(candidate)) + Self.signature(candidate),
          StyledText(candidate.summary),
        ]
      })
    return table.lines(width: columns - 1)
  }

  private static func style(_ candidate: Candidate) -> TextStyle {
    switch candidate.kind {
    case .function, .method, .command: .function
    case .keyword: .keyword
    case .value: .string
    default: .name
    }
  }

  private static func signature(_ candidate: Candidate) -> StyledText {
    guard !candidate.signature.isEmpty else { return StyledText() }
    let isCall = candidate.signature.hasPrefix("(")
    return StyledText((isCall ? "" : ": ") + candidate.signature, .dim)
  }

  private func words(_ candidates: [Candidate], _ columns: Int, _ most: Int) -> [StyledText] {
    // No more than fit can be shown, whatever their width is.
    let fitting = most == .max ? candidates.count : most * max(1, columns / 3)
    let texts = candidates.prefix(fitting).map { StyledText($0.text, Self.style($0)) }
    let width = min((texts.map(\.width).max() ?? 0) + 2, max(columns - 1, 1))
    let perRow = max(1, (columns - 1) / width)
    let shown = Array(texts.prefix(most == .max ? texts.count : most * perRow))
    let height = (shown.count + perRow - 1) / perRow
    var lines = (0..<height).map { row in
      stride(from: row, to: shown.count, by: height).reduce(StyledText()) { line, place in
        line + shown[place].cut(to: width - 1).padded(to: width)
      }.trimmed
    }
    if shown.count < candidates.count {
      lines.append(StyledText("... \(candidates.count - shown.count) more", .dim))
    }
    return lines
  }

  /// The signature of the call around a place, with the parameter marked; nil where there is none.
  public func hint(_ text: [UInt8], columns: Int) -> [UInt8]? {
    guard let hint = completion(text).hint else { return nil }
    var line = StyledText(hint.before, .dim)
    if !hint.current.isEmpty {
      let current = isColored ? hint.current : "«\(hint.current)»"
      line += StyledText(current, .current)
    }
    line.append(hint.after, .dim)
    let note = hint.note.isEmpty ? [] : [StyledText("  \(hint.note)").cut(to: columns - 1)]
    return bytes([line.cut(to: columns - 1)] + note)
  }
}
