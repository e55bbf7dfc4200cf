import LuaHost
import MemoryModel

/// Tables over several lines: records as rows and columns, arrays filled, fields one below the other.
extension ValueText {
  /// Lines at most.
  private static let mostLines = 1000

  func lines(_ value: InspectedValue) -> [StyledText] {
    guard case .table(let table) = value else { return [scalar(value)] }
    if let records = RecordTable(table, self) { return records.lines(width: width) }
    if let objects = ObjectTable(table, self) { return objects.lines(width: width) }
    let lines = block(value, before: StyledText(), indent: 0, behind: "")
    guard lines.count > Self.mostLines else { return lines }
    return lines.prefix(Self.mostLines) + [more(lines.count - Self.mostLines) ?? StyledText()]
  }

  /// A value behind `before`: on one line where it fits, else its entries below each other.
  private func block(
    _ value: InspectedValue, before: StyledText, indent: Int, behind: String
  ) -> [StyledText] {
    let start = StyledText(String(repeating: " ", count: indent)) + before
    let room = width - start.width - behind.utf8.count
    if let text = inline(value, room: room) { return [start + text + StyledText(behind)] }
    guard case .table(let table) = value else {
      return [(start + scalar(value)).cut(to: width - behind.utf8.count) + StyledText(behind)]
    }
    var lines = [start + StyledText("{")]
    lines += items(table, indent: indent + 2)
    for field in table.fields {
      lines += block(field.value, before: key(field.key), indent: indent + 2, behind: ",")
    }
    lines += rest(table.fieldCount - table.fields.count, indent + 2)
    return lines + [StyledText(String(repeating: " ", count: indent) + "}\(behind)")]
  }

  /// Short items fill lines, tables have lines of their own.
  private func items(_ table: InspectedTable, indent: Int) -> [StyledText] {
    let blanks = StyledText(String(repeating: " ", count: indent))
    var lines: [StyledText] = []
    var line = StyledText()
    func flush() {
      if !line.isEmpty { lines.append((blanks + line).trimmed.cut(to: width)) }
      line = StyledText()
    }
    for item in table.items {
      if case .table = item {
        flush()
        lines += block(item, before: StyledText(), indent: indent, behind: ",")
        continue
      }
      let part = scalar(item) + StyledText(", ")
      if !line.isEmpty, indent + line.width + part.width > width + 1 { flush() }
      line += part
    }
    flush()
    return lines + rest(table.itemCount - table.items.count, indent)
  }

  private func rest(_ count: Int, _ indent: Int) -> [StyledText] {
    more(count).map { [StyledText(String(repeating: " ", count: indent)) + $0] } ?? []
  }
}

/// A list of tables that all have the same kind of fields, as `pvm.ps()` gives it.
struct RecordTable {
  private let names: [String]
  private let rows: [[String: InspectedValue]]
  private let more: Int
  private let values: ValueText

  /// nil for a table that is no such list.
  init?(_ table: InspectedTable, _ values: ValueText) {
    guard table.items.count > 1, table.fieldCount == 0 else { return nil }
    var rows: [[String: InspectedValue]] = []
    var names: Set<String> = []
    for item in table.items {
      guard case .table(let record) = item, let row = Self.row(record) else { return nil }
      names.formUnion(row.keys)
      rows.append(row)
    }
    guard names.count <= 24, names.count > 1 else { return nil }
    self.rows = rows
    self.names = names.sorted { Self.rank($0) < Self.rank($1) }
    more = table.itemCount - table.items.count
    self.values = values
  }

  private static func row(_ record: InspectedTable) -> [String: InspectedValue]? {
    guard record.itemCount == 0, record.fieldCount == record.fields.count, record.fieldCount > 0 else {
      return nil
    }
    var row: [String: InspectedValue] = [:]
    for field in record.fields {
      guard case .bytes(let key, let count) = field.key, key.count == count else { return nil }
      row[String(decoding: key, as: UTF8.self)] = field.value
    }
    return row
  }

  /// What people look at first stands first, long texts last of it.
  private static let order = [
    "pid", "address", "base", "start", "name", "kind", "type", "size", "user", "threads", "state",
    "old", "new", "value", "cmdline", "path", "region", "text", "reason",
  ]
  /// Shown as hexadecimal numbers alone.
  private static let addresses: Set<String> = [
    "address", "base", "start", "stop", "target", "memory",
  ]

  private static func rank(_ name: String) -> (Int, String) {
    (order.firstIndex(of: name) ?? order.count, name)
  }

  /// Columns for which there is no room are named below.
  func lines(width: Int) -> [StyledText] {
    var count = names.count
    while count > 1, table(count).narrowestWidth > width { count -= 1 }
    var lines = table(count).lines(width: width)
    if let more = values.more(more) { lines.append(more) }
    if count < names.count {
      lines.append(
        StyledText("each has also: \(names[count...].joined(separator: ", "))", .dim).cut(to: width))
    }
    return lines
  }

  private func table(_ count: Int) -> TextTable {
    let shown = names.prefix(count)
    return TextTable(
      shown.map { name in
        let isNumber = rows.allSatisfy { $0[name].map(Self.isNumber) ?? true }
        return TextTable.Column(name, isRightAligned: isNumber, cut: isNumber ? nil : .end)
      },
      rows: rows.map { row in shown.map { name in cell(name, row[name]) } })
  }

  private static func isNumber(_ value: InspectedValue) -> Bool {
    switch value {
    case .integer, .number: true
    default: false
    }
  }

  private func cell(_ name: String, _ value: InspectedValue?) -> StyledText {
    switch value {
    case nil: return StyledText()
    case .integer(let number)?:
      return Self.addresses.contains(name)
        ? StyledText("\(Address(luaInteger: number))", .number) : StyledText("\(number)", .number)
    case .bytes(let bytes, _)?: return StyledText(bytes: Array(bytes.prefix(400)))
    case .some(let value): return values.inline(value, room: 200) ?? values.scalar(value)
    }
  }
}
