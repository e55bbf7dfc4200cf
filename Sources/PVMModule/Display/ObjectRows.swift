import LuaHost
import MemoryModel
import RemoteMemory

/// An object that stands in a row of its own where a list of its kind is shown.
protocol RowObject: DisplayedObject {
  static var columns: [TextTable.Column] { get }
  var cells: [StyledText] { get }
}

extension RowObject {
  var line: StyledText {
    cells.reduce(into: StyledText()) { line, cell in
      guard !cell.isEmpty else { return }
      if !line.isEmpty { line.append("  ") }
      line += cell
    }
  }
}

/// A list of objects of one kind as rows.
struct ObjectTable {
  private let objects: [any RowObject]
  private let more: StyledText?

  /// nil for a table that is no such list.
  init?(_ table: InspectedTable, _ values: ValueText) {
    guard table.items.count > 1, table.fieldCount == 0 else { return nil }
    var objects: [any RowObject] = []
    for item in table.items {
      guard case .object(let object as any RowObject, _) = item else { return nil }
      if let first = objects.first, type(of: first) != type(of: object) { return nil }
      objects.append(object)
    }
    self.objects = objects
    more = values.more(table.itemCount - table.items.count)
  }

  func lines(width: Int) -> [StyledText] {
    let columns = type(of: objects[0]).columns
    let rows = objects.map(\.cells)
    return TextTable(columns, rows: rows).lines(width: width) + (more.map { [$0] } ?? [])
  }
}

extension CellObject: RowObject {
  static var columns: [TextTable.Column] {
    [.init("address"), .init("type"), .init("value", cut: .end), .init(), .init("place", cut: .middle)]
  }

  var cells: [StyledText] {
    let now = (try? value())?.text(as: element)
    let was = old.map { HitValue.scalar($0).text(as: element) }
    let place = (try? handle.source.name(of: address)) ?? nil
    return [
      StyledText("\(address)", .number), StyledText(typeName, .hint),
      now.map { StyledText($0, was != nil && was != $0 ? .changed : .strong) }
        ?? StyledText("unreadable", .error),
      StyledText(was.map { "was \($0)" } ?? "", .dim), StyledText(place ?? ""),
    ]
  }
}

extension RegionObject: RowObject {
  static var columns: [TextTable.Column] { RegionList.columns }
  var cells: [StyledText] { RegionList.cells(region) }
}

extension PatchObject: RowObject {
  static var columns: [TextTable.Column] {
    [.init("patch", cut: .end), .init("status"), .init("place", cut: .middle), .init("bytes", isRightAligned: true)]
  }

  var cells: [StyledText] {
    let first = patch.edits[0].address
    let place = (try? patch.process.name(of: first)) ?? nil
    let rest = patch.edits.count > 1 ? " and \(patch.edits.count - 1) more" : ""
    let count = patch.edits.reduce(0) { $0 + $1.byteCount }
    return [
      StyledText(patch.name, .strong), StyledText(status, status == "on" ? .string : .hint),
      StyledText((place ?? "\(first)") + rest), StyledText("\(count)", .number),
    ]
  }
}
