import LuaHost
import MemoryModel
import RemoteMemory

/// What structs of an unknown kind seem to hold, as scripts see it.
public final class GuessObject {
  let guess: StructGuess

  init(_ guess: StructGuess) { self.guess = guess }
}

extension PVMModule {
  static var guessMethods: [Declaration] {
    [
      .method(
        "guess", "Guess what the fields of an unknown struct are.",
        Parameter(
          "addresses", .guessedPlaces, "first byte, or a list of them: several structs of one kind"),
        Parameter(
          "size", .count("bytes", from: 1, upTo: 65_536), "how many bytes to look at", default: 256),
        returns: .object("pvm.guess", "the fields, with how sure each is", name: "guess"),
        about: About(
          fails: readErrors + ["ENOENT", "EAMBIGUOUS"], source: ["process_vm_readv(2)"],
          example: """
            local g = game:guess({entities, entities + 0x40, entities + 0x80}, 0x40)
            print(g)
            local Entity = g:layout()
            print(g[2].kind, g[2].constant, game:view(entities, Entity).i32_04)  --> integer false 100
            """,
          notes: """
            Each word is looked at as a pointer (to data, text, code or a table of functions), as text, \
            as a real or a whole number; zeros speak for nothing. Several structs of one kind tell more \
            than one, and what is equal in all of them is marked.
            """, seeAlso: ["pvm.struct", "process.view", "process.find_struct"])
      ) { (_, handle: ProcessHandle, places: [PlaceArgument], size: Int) in
        let addresses = try places.map { try $0.address(in: handle.source) }
        return GuessObject(try handle.source.guessStruct(at: addresses, byteCount: size))
      }
    ]
  }

  /// The class of guesses: what `process.guess` gives.
  static var guessClass: ClassDeclaration {
    ClassDeclaration(
      GuessObject.self, "pvm.guess", "What the fields of an unknown struct seem to be.",
      [
        [
          .item(ResultType<FieldGuess?>.fieldGuess("the i-th field")) {
            (object: GuessObject, index: Int64) in
            guard index >= 1, index <= object.guess.fields.count else { return nil }
            return object.guess.fields[Int(index) - 1]
          },
          .method(
            "layout", "A type with these fields, named after kind and offset: `f32_10`, `ptr_18`.",
            Parameter<Double>(
              "sure", .number, "leave out what is less sure than this, 0 to 1", default: 0),
            returns: .object("pvm.type", "for view, read_struct and others", name: "type"),
            about: About(
              example: """
                local T = game:guess(player, 0x40):layout(0.5)
                print(game:view(player, T).text_20)  --> Zoë Starfall
                """)
          ) { (call, object: GuessObject, least: Double) in
            let fields = object.guess.fields.filter { $0.confidence >= least }
            let layout: StructLayout
            do {
              layout = try StructGuesser.layout(of: fields, byteCount: object.guess.byteCount)
            } catch { throw ArgumentMismatch("\(error)") }
            let type = StructType(name: TypeObject.freshName(), layout: layout)
            return TypeObject(type, call.session.declarations.catalog)
          },
          .metamethod("__len", .count("how many fields")) { (_, object: GuessObject) in
            object.guess.fields.count
          },
          .metamethod("__tostring", .text("the fields as a table")) { (_, object: GuessObject) in
            object.text
          },
        ]
      ])
  }
}

extension GuessObject {
  /// A headline, and a line for each field; runs of zeros are one.
  fileprivate var text: String {
    let count = guess.addresses.count
    let first = guess.addresses.first.map { "\($0)" } ?? ""
    let headline =
      "\(guess.byteCount) bytes at \(first)"
      + (count > 1 ? " and \(count - 1) more of its kind" : "")
    var rows: [[String]] = []
    var zeros = 0
    for field in guess.fields {
      if field.kind == .zero {
        zeros += field.byteCount
        continue
      }
      if zeros > 0 { rows.append(["", "", "", "", "\(zeros) zero bytes"]) }
      zeros = 0
      rows.append(row(field))
    }
    if zeros > 0 { rows.append(["", "", "", "", "\(zeros) zero bytes"]) }
    return ([headline] + HitsObject.aligned(rows)).joined(separator: "\n")
  }

  private func row(_ field: FieldGuess) -> [String] {
    let sure = "\(Int((field.confidence * 100).rounded())) %"
    let state = field.isConstant.map { $0 ? "same" : "differs" } ?? ""
    let shown = Set(field.values).count == 1 ? Array(field.values.prefix(1)) : field.values
    let values = shown.prefix(4).map { $0.text(as: field.element) }.joined(separator: ", ")
    return [
      "  +0x" + String(field.offset, radix: 16), field.element.description, field.kind.rawValue,
      sure,
      values + (shown.count > 4 ? ", ..." : "") + (field.note.isEmpty ? "" : "  " + field.note)
        + (state.isEmpty ? "" : "  (\(state))"),
    ]
  }
}

extension ResultType where Value == FieldGuess? {
  static func fieldGuess(_ note: String) -> ResultType<FieldGuess?> {
    ResultType(
      "field", annotation: "table?",
      note + ": {name=, offset=, size=, type=, kind=, confidence=, note=, constant=, values=}"
    ) { call, field in
      guard let field else { return call.reply.null() }
      var values = LuaTable()
      values.array = field.values.map(\.luaValue)
      var fields: [(name: String, value: LuaValue)] = [
        ("name", .text(field.name)), ("offset", .integer(Int64(field.offset))),
        ("size", .integer(Int64(field.byteCount))),
        ("type", .text(field.element.description)), ("kind", .text(field.kind.rawValue)),
        ("confidence", .number(field.confidence)), ("note", .text(field.note)),
        ("values", .table(values)),
      ]
      if let isConstant = field.isConstant { fields.append(("constant", .boolean(isConstant))) }
      call.reply.value(.table(LuaTable(fields)))
    }
  }
}

extension ArgumentType where Value == [PlaceArgument] {
  /// One place, or a list of 1 to 1000.
  static var guessedPlaces: ArgumentType<[PlaceArgument]> {
    ArgumentType(
      "address or list of addresses",
      annotation: "integer|string|pvm.path|(integer|string|pvm.path)[]"
    ) { call, index in
      guard call.kind(at: index) == .table else {
        return [try ArgumentType<PlaceArgument>.place.read(call, index)]
      }
      guard case .table(let table) = try call.value(at: index),
        (1...1000).contains(table.array.count), table.fields.isEmpty, table.others.isEmpty
      else { throw ArgumentMismatch("a list of 1 to 1000 addresses is expected") }
      return try table.array.enumerated().map { number, value in
        guard let place = try PlaceArgument(value) else {
          throw ArgumentMismatch("entry \(number + 1) is a \(value.typeName), not an address")
        }
        return place
      }
    }
  }
}
