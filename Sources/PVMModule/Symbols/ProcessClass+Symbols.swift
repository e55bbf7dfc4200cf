import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var symbolMethods: [Declaration] { [symbol, symbols, nameOf, variable, type] }

  private static let symbolErrors = accessErrors + ["ENOENT", "EAMBIGUOUS", "EINTERRUPTED"]

  private static var symbol: Declaration {
    .method(
      "symbol", "Find a function or variable of a module by its name.",
      Parameter(
        "name", .text,
        "\"libc.so.6!malloc\"; without a module the first that has one, the program first"),
      returns: .found,
      about: About(
        fails: symbolErrors, source: ["elf(5)"],
        example: """
          local environ = game:symbol("libc.so.6!environ")
          print(game:name_of(environ), game:read_ptr(environ) ~= 0)  --> libc.so.6!environ true
          local _, malloc = game:symbol("libc.so.6!malloc")
          print(malloc.kind, malloc.size > 0)  --> function true
          """,
        notes: """
          A name is one as the file has it (`_ZN4game4Hero3hitEv`) or one as people write it \
          (`game::Hero::hit`, with or without what is in brackets); of C++, Swift and Rust. Without a \
          version it is the one that new programs get; `memcpy@GLIBC_2.2.5` names an old one. An \
          `indirect` symbol is a function that returns the one that is called. Of a `thread` symbol \
          each thread has its own, and there is no address. The symbols are those of the file, of a \
          separate file with debug information, of the memory where there is no file, and the \
          exported names of PE files.
          """, seeAlso: ["process.symbols", "process.name_of", "process.variable", "process.addr"])
    ) { (_, handle: ProcessHandle, name: String) in
      try handle.source.symbol(named: name)
    }
  }

  private static var symbols: Declaration {
    .method(
      "symbols", "List the symbols whose names fit a pattern.",
      Parameter("pattern", .namePattern, "text found anywhere in a name, or * and ? for all of it"),
      SymbolSettings.parameter,
      returns: .value("table[]", "as the second result of symbol()"),
      about: About(
        fails: symbolErrors,
        example: """
          for _, s in ipairs(game:symbols("*alloc", {module="libc"})) do
            print(s.name, s.kind, s.size)
          end
          """, seeAlso: ["process.symbol", "process.name_of"])
    ) { (_, handle: ProcessHandle, pattern: NamePattern, options: SymbolSettings) in
      var list = LuaTable()
      list.array = try handle.source.symbols(
        matching: pattern, in: options.module, limit: options.limit
      ).map(\.luaValue)
      return .table(list)
    }
  }

  private static var nameOf: Declaration {
    .method(
      "name_of", "Name an address by the symbol, module or region it lies in.",
      Parameter("address", .address, "any address"),
      returns: .namedPlace,
      about: About(
        fails: accessErrors,
        example: """
          print((game:name_of(game:symbol("libc.so.6!malloc") + 18)))  --> libc.so.6!malloc+0x12
          print(game:name_of(take_damage))
          """,
        notes: """
          Between symbols it is the module with the distance from its base. Names of C can be given to \
          `addr` again. Lines need the trait Debuginfo, libdw, and a program or a separate file with \
          debug information.
          """, seeAlso: ["process.addr", "process.symbol"])
    ) { (_, handle: ProcessHandle, address: Address) in
      let place = try handle.source.namedPlace(of: address)
      return (place.name?.text ?? "\(address)", place.line?.text)
    }
  }

  private static var variable: Declaration {
    .method(
      "variable", "Find a variable, or a part of one, by its name in the source.",
      Parameter("name", .text, "\"hero.health\", \"first->next->value\", \"game!table[3].pos\""),
      returns: .values(
        .address("where it lies"),
        .value("table", "{kind=, type=, size=, members=, count=}", name: "type")),
      about: About(
        fails: accessErrors + ["ENOENT", "EAMBIGUOUS", "EFAULT"],
        example: """
          local address, type = game:try_variable("hero.health")
          print(address and type.type or "no debug information tells of it")
          """,
        notes: """
          Needs debug information (DWARF) of the program, and libdw. `kind` is "scalar" with its \
          `type`, "pointer", "record" with the names of its `members`, "array" with their `count`, or \
          "bytes". Variables of functions are not found, also those that stay (`static`).
          """, seeAlso: ["process.cell", "process.symbol"])
    ) { (_, handle: ProcessHandle, name: String) in
      let found = try handle.source.variable(named: name)
      return (found.address, found.type.luaValue(handle.source.pointerWidth))
    }
  }
}

extension PVMModule {
  fileprivate static var type: Declaration {
    .method(
      "type", "Take a struct from the debug information of the program, by its name in the source.",
      Parameter("name", .text, "\"entity\", \"game::Hero\", \"game!entity\""),
      returns: ResultType<TypeObject>.object(
        "pvm.type", "for game:view and others; nil where no debug information tells of it"
      ).optional(),
      about: About(
        fails: accessErrors + ["ENOENT", "EAMBIGUOUS", "E2BIG"],
        example: """
          local Entity = game:type("entity")
          print(Entity and Entity:size() or "no debug information tells of it")
          """,
        notes: """
          Fields lie where the compiler put them. Pointers lead to the structs of the program, as far as \
          those are known; members of base classes are fields of the struct; arrays of `char` are text.
          """, seeAlso: ["pvm.struct", "pvm.cdef", "process.view", "process.variable"])
    ) { (_, handle: ProcessHandle, name: String) in
      try handle.source.structType(named: name).map { TypeObject($0.type, $0.catalog) }
    }
  }
}

/// The options of listing symbols.
struct SymbolSettings {
  let module: String?
  let limit: Int

  static var parameter: Parameter<SymbolSettings> {
    Parameter<(String?, Int)>.options(
      "where, and how many",
      .optional("module", .text, "only this module; all that can be run when left out"),
      Parameter<Int>(
        "limit", .count("limit", from: 1, upTo: 4_000_000), "the most symbols", default: 10_000)
    ).map(SymbolSettings.init)
  }
}

extension ResultType where Value == FoundSymbol? {
  /// Its address and what is known of it; nil alone for none.
  fileprivate static var found: ResultType<FoundSymbol?> {
    ResultType([
      ResultText("address", annotation: "integer?", note: "where it lies; nil when there is none"),
      ResultText(
        "details", annotation: "table?",
        note: "{name=, raw=, module=, address=, size=, kind=, binding=, version=}"),
    ]) { call, symbol in
      guard let symbol else { return call.reply.null() }
      if let address = symbol.address {
        call.reply.integer(address.luaInteger)
      } else {
        call.reply.null()
      }
      call.reply.value(symbol.luaValue)
    }
  }
}

extension ResultType where Value == (String, String?) {
  /// A name, and a line where there is one.
  fileprivate static var namedPlace: ResultType<(String, String?)> {
    ResultType([
      ResultText(
        "name", annotation: "string",
        note: "\"libc.so.6!malloc+0x12\", \"[heap]+0x40\", or the number where there is no name"),
      ResultText(
        "line", annotation: "string?", note: "\"src/hero.c:12\", where debug information tells"),
    ]) { call, place in
      call.reply.text(place.0)
      if let line = place.1 { call.reply.text(line) }
    }
  }
}

extension FoundSymbol {
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("name", .text(name)), ("raw", .bytes(symbol.nameBytes)), ("module", .text(module.name)),
      ("size", .integer(Int64(clamping: symbol.byteCount))), ("kind", .text(symbol.kind.rawValue)),
      ("binding", .text(symbol.binding.rawValue)),
    ]
    if let address { fields.append(("address", .integer(address.luaInteger))) }
    if let version = symbol.version { fields.append(("version", .text(version))) }
    return .table(LuaTable(fields))
  }
}

extension DebugType {
  func luaValue(_ pointerWidth: PointerWidth) -> LuaValue {
    let size = LuaValue.integer(Int64(byteCount(pointerWidth: pointerWidth)))
    switch self {
    case .scalar(let format):
      return .table(
        LuaTable([("kind", .text("scalar")), ("type", .text(format.name)), ("size", size)]))
    case .pointer(let name):
      return .table(
        LuaTable([
          ("kind", .text("pointer")), ("type", .text(name.map { $0 + " *" } ?? "ptr")),
          ("size", size),
        ]))
    case .record(let record):
      var names = LuaTable()
      names.array = record.memberNames.map { .text($0) }
      return .table(
        LuaTable([
          ("kind", .text("record")), ("type", .text(record.name ?? "struct")), ("size", size),
          ("members", .table(names)),
        ]))
    case .array(_, let count, _):
      return .table(
        LuaTable([
          ("kind", .text("array")), ("count", .integer(Int64(count))), ("size", size),
        ]))
    case .bytes:
      return .table(LuaTable([("kind", .text("bytes")), ("size", size)]))
    }
  }
}
