import LuaHost
import MemoryModel

extension PVMModule {
  static var tableFunctions: [Declaration] {
    [
      .function(
        "table", "Lay rows out in columns, for people.",
        Parameter("rows", .rows, "a list of rows, each a list of values"),
        TableOptions.parameter,
        returns: .text("lines", name: "text"),
        about: About(
          example: """
            local rows = {}
            for i, m in ipairs(game:modules()) do rows[i] = {m.name, m.size} end
            print(pvm.table(rows, {titles={"NAME", "SIZE"}, right={"SIZE"}}))
            """,
          notes: """
            Control characters and bytes that are no text are escaped. Characters of East Asian \
            writing take two columns.
            """)
      ) { (_, rows: [[StyledText]], options: TableOptions) in
        options.table(rows).lines(width: options.width).plainText
      }
    ]
  }
}

/// The options of `pvm.table`.
private struct TableOptions {
  let titles: [String]
  let right: [String]
  let width: Int?

  init(_ titles: [String], _ right: [String], _ width: Int?) {
    self.titles = titles
    self.right = right
    self.width = width
  }

  static var parameter: Parameter<TableOptions> {
    Parameter<([String], [String], Int?)>.options(
      "how", Parameter<[String]>("titles", .words, "of the columns", default: [], "{}"),
      Parameter<[String]>(
        "right", .words, "titles of the columns that are aligned to the right", default: [], "{}"),
      .optional(
        "width", ArgumentType<Int>.count("width", from: 1, upTo: 1 << 20),
        "columns of the terminal: the last column is cut to it")
    ).map(TableOptions.init)
  }

  func table(_ rows: [[StyledText]]) -> TextTable {
    let count = max(rows.map(\.count).max() ?? 0, titles.count)
    let columns = (0..<count).map { index in
      let title = index < titles.count ? titles[index] : ""
      return TextTable.Column(
        title, isRightAligned: !title.isEmpty && right.contains(title),
        cut: index == count - 1 ? .end : nil)
    }
    return TextTable(columns, rows: rows)
  }
}

extension ArgumentType where Value == [[StyledText]] {
  /// Rows of cells that tostring would know a text of.
  fileprivate static var rows: ArgumentType<[[StyledText]]> {
    ArgumentType<LuaValue>.table.map("list of lists", annotation: "any[][]") { value in
      guard case .table(let table) = value else { return [] }
      return try table.array.map { row in
        guard case .table(let cells) = row else {
          throw ArgumentMismatch("a row is a list of values, got a \(row.typeName)")
        }
        return try cells.array.map { try StyledText(cell: $0) }
      }
    }
  }
}

extension StyledText {
  fileprivate init(cell: LuaValue) throws {
    switch cell {
    case .bytes(let bytes): self.init(bytes: bytes)
    case .integer(let number): self.init("\(number)")
    case .number(let number): self.init("\(number)")
    case .boolean(let truth): self.init(truth ? "true" : "false")
    case .null: self.init()
    default: throw ArgumentMismatch("a cell is a text, a number or a boolean, got a \(cell.typeName)")
    }
  }
}
