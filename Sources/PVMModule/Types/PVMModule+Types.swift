import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var typeFunctions: [Declaration] {
    [
      .function(
        "struct", "Say how a struct lies in memory.",
        Parameter(
          "name", .structHead, "what it is called, for pointers to it; or the fields at once"),
        Parameter<LuaValue?>.optional("fields", .table, "the fields, where the name came first"),
        returns: .object("pvm.type", "for game:view, read_struct and others", name: "type"),
        about: About(
          example: """
            local Entity = pvm.struct("entity", {
              {"id", "u32"}, {"hp", "i32"}, {"pos", "f32", 3}, {"kind", "u8"}, {"alive", "bool"},
              {"level", "u16"}, {"target", "entity*"}, {"name", "utf8", 16},
            })
            print(Entity:size(), game:view(entities, Entity).name)  --> 48 imp-0
            """,
          notes: typeNotes, seeAlso: ["pvm.cdef", "process.view", "process.read_struct"])
      ) { (call, head: StructHead, fields: LuaValue?) in
        let declarations = call.session.declarations
        switch (head, fields) {
        case (.fields(let table), nil):
          return try TypeObject(table, name: nil, declarations.catalog)
        case (.name(let name), .table(let table)?):
          let object = try TypeObject(table, name: name, declarations.catalog)
          call.session.declarations.add(object.type)
          return object
        case (.name, _): throw ScriptFailure.badArgument(2, "the fields are missing")
        default: throw ScriptFailure.badArgument(2, "the fields stand twice")
        }
      },
      .function(
        "cdef", "Read declarations of C: structs, unions, enums and typedefs.",
        Parameter("text", .text, "as in a header file"),
        Parameter<Int?>.options(
          "for which machines",
          .optional(
            "bits", ArgumentType<Int>.count("bits", from: 32, upTo: 64),
            "32 or 64; without it for both")),
        returns: .value(
          "table", "the types by name, and the constants of enums and of #define NAME NUMBER"),
        about: About(
          fails: ["EINVAL"],
          example: """
            local C = pvm.cdef[[
              enum kind { IMP, OGRE, DRAGON };
              struct entity {
                uint32_t id; int hp; float pos[3]; uint8_t kind; bool alive; uint16_t level;
                struct entity *target; char name[16]; double armour; int64_t bounty;
              };
            ]]
            local e = game:view(entities + 0x40, C.entity)
            print(e.name, e.pos[1], e.kind == C.OGRE)  --> imp-1 1.0 true
            """,
          notes: """
            Layouts are those of gcc and clang on Linux: LP64 for 64-bit targets, i386 for 32-bit \
            ones; a type holds both. Packed and aligned attributes, #pragma pack, bit fields, \
            anonymous members, arrays of arrays, function pointers (as addresses), the names of \
            stdint.h and sizeof are understood. Later texts know the types of earlier ones. Arrays of \
            char are text. What cannot be understood is an error with its line and column; then \
            nothing is declared.
            """, seeAlso: ["pvm.struct", "process.view"])
      ) { (call, text: String, bits: Int?) in
        let width = bits.map { $0 == 32 ? PointerWidth.four : .eight }
        let outcome: CDeclarations.Outcome
        do { outcome = try call.session.declarations.parse(text, for: width) } catch {
          throw RemoteMemoryError(.declare, .invalid, detail: "\(error)")
        }
        let catalog = call.session.declarations.catalog
        var table = LuaTable(outcome.constants.map { ($0, .integer($1)) })
        for (name, type) in outcome.types {
          table.fields.removeAll { $0.name == name }
          table.fields.append((name, .object(TypeObject(type, catalog), className: "pvm.type")))
        }
        return .table(table)
      },
    ]
  }

  private static let typeNotes = """
    The list form `{ {name, type [, count]}, ... }` lays the fields one behind the other, each at \
    its natural alignment, and `bits=` packs as a C compiler does. A Lua table keeps no order, so the \
    form with keys needs offsets: `{ hp={0x04,"i32"}, pos={0x10,"f32",3}, size=64 }`. A type is a \
    scalar ("i32", "f32be", "ptr"), text or "bytes" with its size as third entry, another type \
    (by name or as pvm.type), or "name*" for a pointer to one; `{8,"ptr",to=Entity}` is a pointer to \
    a type as well, and `to="self"` to this one. Bits: `{0x14,"u32",bit=3,bits=2}`.
    """
}

/// The first argument of `pvm.struct`.
enum StructHead {
  case name(String)
  case fields(LuaTable)
}

extension ArgumentType where Value == StructHead {
  static var structHead: ArgumentType<StructHead> {
    ArgumentType<LuaValue>.any.map("name or table of fields", annotation: "string|table") { value in
      switch value {
      case .bytes(let name):
        let name = String(decoding: name, as: UTF8.self)
        guard !name.isEmpty, !name.contains("*"), ScalarFormat(name: name) == nil,
          TextEncoding(rawValue: name) == nil, name != "cstr", name != "self"
        else { throw ArgumentMismatch("'\(name)' cannot be the name of a struct") }
        return .name(name)
      case .table(let table): return .fields(table)
      default: throw ArgumentMismatch("name or table of fields expected, got \(value.typeName)")
      }
    }
  }
}
