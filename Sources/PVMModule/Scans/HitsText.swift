import MemoryModel
import RemoteMemory

extension HitsObject {
  /// A headline and an aligned table of some hits, as they are now.
  func text(_ numbers: Range<Int>) -> String { lines(numbers, width: nil).plainText }

  func lines(_ numbers: Range<Int>, width: Int?) -> [StyledText] {
    let shown = numbers.clamped(to: 0..<hits.count)
    var lines = [StyledText(headline, .strong)] + table(shown).lines(width: width)
    if shown.upperBound < hits.count {
      lines.append(StyledText("... \(hits.count - shown.upperBound) more", .dim))
    }
    return lines
  }

  /// `12 hits, i32 = 100, in process 4121 (supertux2)`.
  private var headline: String {
    let count = hits.count == 1 ? "1 hit" : "\(hits.count) hits"
    return "\(count), \(hits.title), in \(hits.source.label)"
      + (hits.outcome.isComplete ? "" : " (interrupted: there may be more)")
  }

  private func table(_ numbers: Range<Int>) -> TextTable {
    var places = HitPlaces((try? hits.source.regionMap()) ?? RegionMap([]))
    let rows = numbers.compactMap { number -> [StyledText]? in
      guard let cell = cell(Int64(number) + 1) else { return nil }
      let value = try? cell.value()
      let old = cell.old.map { HitValue.scalar($0).text(as: cell.element) }
      let text = value?.text(as: cell.element)
      let isChanged = old != nil && old != text
      return [
        StyledText("\(number + 1)", .dim), StyledText("\(cell.address)", .number),
        StyledText(cell.typeName, .hint),
        StyledText(String((text ?? "unreadable").prefix(40)), isChanged ? .changed : .plain),
        StyledText(hasOld(number) ? old.map { "was \($0)" } ?? "" : "", .dim),
        StyledText(places.place(of: cell.address)),
      ]
    }
    return TextTable(
      (0..<6).map { .init(cut: $0 == 3 ? .end : $0 == 5 ? .middle : nil) }, rows: rows)
  }

  private func hasOld(_ number: Int) -> Bool {
    hits.parent != nil || hits.hit(at: number)?.old != nil
  }
}

extension HitsObject: DisplayedObject {
  var line: StyledText { StyledText(headline) }
  func lines(width: Int) -> [StyledText] { lines(0..<20, width: width) }
}
