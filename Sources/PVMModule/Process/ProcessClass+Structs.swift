import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var structMethods: [Declaration] {
    [
      .method(
        "read_struct", "Read a struct, in one transfer.",
        Parameter("address", .address, "first byte"),
        Parameter("layout", .layout, "a pvm.type, or fields: {offset, type, count}; see below"),
        returns: .value("table", "the fields by name; arrays and nested structs are tables"),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: """
            local hero = game:read_struct(player, {
              health = {0x00, "i32"}, pos = {0x10, "f32", 3}, name = {0x20, "cstr", 32},
            })
            print(hero.health, hero.pos[1], hero.name)
            """, notes: layoutNotes,
          seeAlso: ["process.read_structs", "process.write_struct", "pvm.struct", "process.view"])
      ) { (_, handle: ProcessHandle, address: Address, layout: TypeArgument) in
        try handle.source.readStruct(layout.layout(in: handle), at: address).luaValue
      },
      .method(
        "read_structs", "Read an array of structs, in one transfer.",
        Parameter("address", .address, "first byte of the first"),
        Parameter("layout", .layout, "as for read_struct"),
        Parameter("count", .count("count", upTo: 16_777_216), "how many"),
        Parameter<Int?>.options(
          "how they lie",
          .optional(
            "stride", ArgumentType<Int>.count("stride", from: 1, upTo: 1_048_576),
            "bytes from one to the next")),
        returns: .value("table[]", "the structs, from 1"),
        about: About(
          fails: readErrors + ["E2BIG"], source: ["process_vm_readv(2)"],
          example: """
            local imps = game:read_structs(entities, {hp={4,"i32"}}, 3, {stride=0x40})
            print(imps[1].hp, imps[3].hp)
            """, seeAlso: ["process.read_struct"])
      ) {
        (
          _, handle: ProcessHandle, address: Address, layout: TypeArgument, count: Int, stride: Int?
        ) in
        var list = LuaTable()
        list.array = try handle.source.readStructs(
          layout.layout(in: handle), at: address, count: count, stride: stride
        )
        .map(\.luaValue)
        return .table(list)
      },
      .method(
        "write_struct", "Write fields of a struct; those left out stay as they are.",
        Parameter("address", .address, "first byte"),
        Parameter("layout", .layout, "as for read_struct"),
        Parameter("values", .table, "fields by name"),
        writeOptions,
        returns: .nothing,
        about: About(
          fails: writeErrors + ["ERANGE", "EINVAL"], source: ["process_vm_writev(2)"],
          example: #"game:write_struct(player, {gold={4,"i32"}}, {gold=500})"#,
          seeAlso: ["process.read_struct"])
      ) {
        (
          _, handle: ProcessHandle, address: Address, layout: TypeArgument, values: LuaValue,
          options: WriteOptions
        ) in
        let value = try StructValue(values, path: "values")
        try handle.source.writeStruct(
          value, as: layout.layout(in: handle), at: address, options: options)
      },
    ]
  }

  static let layoutNotes = """
    A field is `name = {offset, type [, count] [, stride=]}`. The type is a scalar ("i32", \
    "f32be", "ptr"), text ("cstr", "utf8", "utf16le" ...) or "bytes" with its size in bytes as the \
    third entry, or another layout; all that pvm.struct takes. `size=` fixes the size of the whole. Without offsets, \
    `{ {"hp","i32"}, {"pos","f32",3} }` lays the fields one behind the other at their natural \
    alignment, as a C compiler does.
    """
}
