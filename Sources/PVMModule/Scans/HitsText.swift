import MemoryModel
import RemoteMemory

extension HitsObject {
  /// A headline and an aligned table of some hits, as they are now.
  func text(_ numbers: Range<Int>) -> String {
    var lines = [headline]
    let rows = columns(of: numbers.clamped(to: 0..<hits.count))
    if !rows.isEmpty { lines += Self.aligned(rows) }
    let shown = numbers.clamped(to: 0..<hits.count).upperBound
    if shown < hits.count { lines.append("... \(hits.count - shown) more") }
    return lines.joined(separator: "\n")
  }

  /// `12 hits, i32 = 100, in process 4121 (supertux2)`.
  private var headline: String {
    let count = hits.count == 1 ? "1 hit" : "\(hits.count) hits"
    return "\(count), \(hits.title), in \(hits.source.label)"
      + (hits.outcome.isComplete ? "" : " (interrupted: there may be more)")
  }

  private func columns(of numbers: Range<Int>) -> [[String]] {
    var places = HitPlaces((try? hits.source.regionMap()) ?? RegionMap([]))
    return numbers.compactMap { number in
      guard let cell = cell(Int64(number) + 1) else { return nil }
      let value = (try? cell.value())?.text(as: cell.element) ?? "unreadable"
      var row = ["\(number + 1)", "\(cell.address)", cell.typeName, String(value.prefix(40))]
      if hits.parent != nil || hits.hit(at: number)?.old != nil {
        row.append(cell.old.map { "was \(HitValue.scalar($0).text(as: cell.element))" } ?? "")
      }
      row.append(places.place(of: cell.address))
      return row
    }
  }

  /// Rows as lines, with each column as wide as its widest cell.
  static func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        column == row.count - 1
          ? text : text + String(repeating: " ", count: widths[column] - text.count)
      }.joined(separator: "  ")
    }
  }
}
