import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var telescopeMethods: [Declaration] {
    [
      .method(
        "telescope", "Read memory as pointers, and follow each: what it names, and what lies there.",
        Parameter("address", .address, "the first pointer"),
        Parameter<Int>(
          "count", .count("count", from: 1, upTo: Int64(TelescopeObject.mostWords)), "how many",
          default: 16),
        returns: .object("pvm.telescope", "a row for each"),
        about: About(
          fails: accessErrors, source: ["process_vm_readv(2)"],
          example: "print(game:telescope(player, 18))",
          notes: """
            Pointers are followed up to five times, until text, code, or a number. What only looks like \
            a pointer is followed too.
            """, seeAlso: ["process.hexdump", "process.resolve"])
      ) { (_, handle: ProcessHandle, address: Address, count: Int) in
        try TelescopeObject.read(handle.source, at: address, count: count)
      }
    ]
  }

  static var telescopeClass: ClassDeclaration {
    ClassDeclaration(
      TelescopeObject.self, "pvm.telescope", "Pointers, and where they lead.",
      [
        [
          .item(
            ResultType<LuaValue>.value(
              "table?",
              "{address=, value=, hops=, text=}: hops are {address=, place=} each; value is nil where it "
                + "cannot be read")
          ) { (object: TelescopeObject, index: Int64) in
            guard index >= 1, index <= object.rows.count else { return .null }
            return object.rows[Int(index) - 1].luaValue
          },
          .metamethod("__len", .count("how many")) { (_, object: TelescopeObject) in
            object.rows.count
          },
          .metamethod("__tostring", .text("a line for each")) { (_, object: TelescopeObject) in
            object.lines(object.rows.count, width: nil).plainText
          },
        ]
      ])
  }
}

extension TelescopeObject.Row {
  fileprivate var luaValue: LuaValue {
    var list = LuaTable()
    list.array = hops.map { hop in
      .table(LuaTable([("address", .integer(hop.address.luaInteger)), ("place", .text(hop.place))]))
    }
    var fields: [(name: String, value: LuaValue)] = [
      ("address", .integer(address.luaInteger)), ("hops", .table(list)),
    ]
    if let value { fields.append(("value", .integer(Int64(bitPattern: value)))) }
    if let end { fields.append(("text", .text(end))) }
    return .table(LuaTable(fields))
  }
}

extension TelescopeObject: DisplayedObject {
  var line: StyledText { StyledText("\(rows.count) pointers in \(label)") }
  func lines(width: Int) -> [StyledText] { lines(64, width: width) }

  /// `0x7ffd10  +0x10  0x55d0 [heap]+0x40 -> 0x7f31 libc.so.6+0x12 -> "text"`.
  func lines(_ most: Int, width: Int?) -> [StyledText] {
    let table = TextTable(
      [.init(), .init(isRightAligned: true), .init(cut: .end)],
      rows: rows.prefix(most).map { row in
        let offset = row.address.rawValue &- rows[0].address.rawValue
        return [
          StyledText("\(row.address)", .dim), StyledText("+0x\(String(offset, radix: 16))", .dim),
          Self.way(row),
        ]
      })
    let rest = rows.count - most
    return table.lines(width: width) + (rest > 0 ? [StyledText("... \(rest) more", .dim)] : [])
  }

  private static func way(_ row: Row) -> StyledText {
    guard row.value != nil else { return StyledText("unreadable", .error) }
    var parts = row.hops.map { hop in
      StyledText("\(hop.address) ", .number) + StyledText(hop.place, .hint)
    }
    if let end = row.end { parts.append(StyledText(end, end.hasPrefix("\"") ? .string : .plain)) }
    guard let first = parts.first else { return StyledText() }
    return parts.dropFirst().reduce(first) { $0 + StyledText(" -> ", .dim) + $1 }
  }
}
