import LuaHost
import MemoryModel
import RemoteMemory

extension DiffObject {
  /// A headline, the mappings, and the first cells.
  func text() throws -> String { try shownLines(width: nil).plainText }

  func shownLines(width: Int?) throws -> [StyledText] {
    var lines = [StyledText(headline, .strong)]
    let regions = diff.regionDiffs(columns: width.map { max(8, min(48, $0 / 3)) } ?? 24)
    let rows = regions.prefix(10).map { part in
      [StyledText("\(part.cellCount)"), StyledText("\(part.strip)", .hint), StyledText("\(part.region)")]
    }
    lines += TextTable(
      [.init(isRightAligned: true), .init(), .init(cut: .end)], rows: Array(rows), indent: 2
    ).lines(width: width)
    if regions.count > 10 {
      lines.append(StyledText("  ... \(regions.count - 10) more regions", .dim))
    }
    lines += try self.lines(0..<min(10, diff.count), width: width)
    if diff.count > 10 { lines.append(StyledText("... \(diff.count - 10) more", .dim)) }
    let changes = diff.mapChanges.changes
    lines += changes.prefix(5).map { StyledText("mapping \($0)") }
    if changes.count > 5 {
      lines.append(StyledText("... \(changes.count - 5) more mappings changed", .dim))
    }
    return lines
  }

  /// `12 cells, i32 changed, from snapshot of process 4 (x) to snapshot of process 4 (x)`.
  private var headline: String {
    let count = diff.count == 1 ? "1 cell" : "\(diff.count) cells"
    return "\(count), \(diff.hits.title), from \(before.source.label) to \(after.source.label)"
      + (diff.hits.outcome.isComplete ? "" : " (interrupted: there may be more)")
  }

  /// A line for each of some cells.
  func lines(_ numbers: Range<Int>, width: Int? = nil) throws -> [StyledText] {
    var places = HitPlaces(diff.map)
    let rows = zip(numbers, try cells(numbers)).map { number, cell in
      [
        StyledText("\(number + 1)", .dim), StyledText("\(cell.address)", .number),
        StyledText(text(cell.old)), StyledText("->", .dim), StyledText(text(cell.new), .strong),
        StyledText(places.place(of: cell.address)),
      ]
    }
    return TextTable((0..<6).map { .init(cut: $0 == 5 ? .middle : nil) }, rows: rows)
      .lines(width: width)
  }

  private func text(_ value: ScalarValue?) -> String {
    value.map { diff.format.text(of: $0) } ?? "unreadable"
  }

  /// Writes all cells, or runs of bytes, a line each.
  /// - Returns: how many lines.
  func export(to write: ([UInt8]) throws -> Void) throws -> Int {
    var places = HitPlaces(diff.map)
    var lines = 0
    var text = ""
    func flush(_ most: Int) throws {
      guard text.utf8.count >= most else { return }
      try write(Array(text.utf8))
      text = ""
      if diff.after.interrupt.isInterrupted { throw RemoteMemoryError(.save, .interrupted) }
    }
    if diff.isOfBytes {
      let walk = DiffRangeWalk(diff, gap: 0)
      while let (span, old, new) = try walk.next() {
        text +=
          "{\"address\":\"\(span.range.start)\",\"size\":\(span.range.count),\"type\":\"bytes\","
          + "\"old\":\"\(hexadecimal(old))\",\"new\":\"\(hexadecimal(new))\","
          + "\"place\":\(HitsFormat.quoted(places.place(of: span.range.start)))}\n"
        lines += 1
        try flush(1 << 16)
      }
    } else {
      let walk = DiffWalk(self)
      while let cell = try walk.next() {
        text +=
          "{\"address\":\"\(cell.address)\",\"size\":\(diff.width),\"type\":\"\(diff.format.name)\","
          + "\"old\":\(json(cell.old)),\"new\":\(json(cell.new)),"
          + "\"place\":\(HitsFormat.quoted(places.place(of: cell.address)))}\n"
        lines += 1
        try flush(1 << 16)
      }
    }
    try flush(1)
    return lines
  }

  private func json(_ value: ScalarValue?) -> String {
    switch value {
    case nil: "null"
    case .real(let number)? where !number.isFinite: "\"\(number)\""
    case .boolean(let truth)?: truth ? "true" : "false"
    case .integer(let number)?: "\(number)"
    case .unsigned(let number)?: "\(number)"
    case .real(let number)?: "\(number)"
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension DiffObject: DisplayedObject {
  var line: StyledText { StyledText(headline) }

  func lines(width: Int) -> [StyledText] {
    do { return try shownLines(width: width) } catch {
      return [line, StyledText("\(error)", .error)]
    }
  }
}
