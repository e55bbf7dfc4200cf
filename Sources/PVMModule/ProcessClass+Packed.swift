import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var formatMethods: [Declaration] {
    [
      .method(
        "unpack", "Read values by a format of string.pack.",
        Parameter("address", .address, "first byte"),
        Parameter("format", .packFormat, "as string.unpack takes it: \"<I4 I4 d z\""),
        returns: .written(
          ResultText("...", annotation: "any", note: "the values"),
          ResultText("next", annotation: "integer", note: "the address behind what was read")),
        about: About(
          fails: readErrors + ["EINVAL", "E2BIG"], source: ["process_vm_readv(2)"],
          example: #"print(game:unpack(health, "<i4 i4"))"#,
          notes: """
            Formats of fixed size take one transfer. With `z` or `s` more is read as it is needed, up \
            to 1 MiB, and never beyond the page that ends it.
            """, seeAlso: ["process.pack", "process.read_struct"])
      ) { (call, handle: ProcessHandle, address: Address, format: PackFormat) in
        let (values, byteCount) = try handle.source.unpack(format, at: address)
        for value in values { call.reply.packed(value) }
        call.reply.integer(address.offset(by: Int64(byteCount)).luaInteger)
      },
      .method(
        "pack", "Write values by a format of string.pack: all of them, or none.",
        Parameter("address", .address, "first byte"),
        Parameter("format", .packFormat, "as string.pack takes it"),
        Parameter("...", .packedValues, "one for each option that takes one"),
        returns: .count("how many bytes were written"),
        about: About(
          fails: writeErrors + ["EINVAL", "ERANGE"], source: ["process_vm_writev(2)"],
          example: #"print(game:pack(scratch, "<i4 z", 7, "seven"))  --> 10"#,
          seeAlso: ["process.unpack"])
      ) {
        (
          _, handle: ProcessHandle, address: Address, format: PackFormat, values: [PackedValue]
        ) in
        try handle.source.pack(values, as: format, at: address)
      },
    ]
  }

  static var structMethods: [Declaration] {
    [
      .method(
        "read_struct", "Read a struct, in one transfer.",
        Parameter("address", .address, "first byte"),
        Parameter("layout", .layout, "fields: {offset, type, count}; see below"),
        returns: .value("table", "the fields by name; arrays and nested structs are tables"),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: """
            local hero = game:read_struct(player, {
              health = {0x00, "i32"}, pos = {0x10, "f32", 3}, name = {0x20, "cstr", 32},
            })
            print(hero.health, hero.pos[1], hero.name)
            """, notes: layoutNotes, seeAlso: ["process.read_structs", "process.write_struct"])
      ) { (_, handle: ProcessHandle, address: Address, layout: StructLayout) in
        try handle.source.readStruct(layout, at: address).luaValue
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
          _, handle: ProcessHandle, address: Address, layout: StructLayout, count: Int, stride: Int?
        ) in
        var list = LuaTable()
        list.array = try handle.source.readStructs(
          layout, at: address, count: count, stride: stride
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
          _, handle: ProcessHandle, address: Address, layout: StructLayout, values: LuaValue,
          options: WriteOptions
        ) in
        let value = try StructValue(values, path: "values")
        try handle.source.writeStruct(value, as: layout, at: address, options: options)
      },
    ]
  }

  static let layoutNotes = """
    A field is `name = {offset, type [, count] [, stride=]}`. The type is a scalar ("i32", \
    "f32be", "ptr"), text ("cstr", "utf8", "utf16le" ...) or "bytes" with its size in bytes as the \
    third entry, or another layout table. `size=` fixes the size of the whole. Without offsets, \
    `{ {"hp","i32"}, {"pos","f32",3} }` lays the fields one behind the other at their natural \
    alignment, as a C compiler does.
    """

  static var stringMethods: [Declaration] {
    [
      .method(
        "read_string", "Read text up to its terminating zero.",
        Parameter("address", .address, "first byte"),
        textReading,
        returns: .written(
          ResultText("text", annotation: "string", note: "in UTF-8, without the zero"),
          ResultText("terminated", annotation: "boolean", note: "whether the zero was found")),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: #"print(game:read_string(name_utf16, {encoding="utf16le"}))"#,
          notes: """
            Read page by page, so text at the end of a mapping is found. What was readable is kept; \
            only when not even the first unit can be read is that an error. Units that are no text \
            become U+FFFD; utf8 and bytes are passed on unchanged.
            """, seeAlso: ["process.write_string"])
      ) { (call, handle: ProcessHandle, address: Address, options: TextReading) in
        let string = try handle.source.readString(
          at: address, maximumBytes: options.limit, encoding: options.encoding)
        call.reply.bytes(string.text)
        call.reply.boolean(string.isTerminated)
      },
      .method(
        "write_string", "Write text, and the zero behind it.",
        Parameter("address", .address, "first byte"),
        Parameter("text", .bytes, "UTF-8"),
        textWriting,
        returns: .count("how many bytes were written, the zero included"),
        about: About(
          fails: writeErrors + ["EINVAL"], source: ["process_vm_writev(2)"],
          example: #"print(game:write_string(scratch, "hello"))  --> 6"#,
          seeAlso: ["process.read_string"])
      ) {
        (
          _, handle: ProcessHandle, address: Address, text: [UInt8],
          options: TextWriting
        ) in
        try writeString(text, to: handle.source, at: address, options)
      },
    ]
  }

  private static var textReading: Parameter<TextReading> {
    Parameter<(Int, TextEncoding)>.options(
      "how it is stored",
      Parameter<Int>(
        "max", .count("max", upTo: 1_048_576), "bytes to look at, the terminator included",
        default: 4096),
      Parameter<TextEncoding>(
        "encoding", .encoding, "how it is stored", default: .utf8, "\"utf8\"")
    ).map(TextReading.init)
  }

  private static var textWriting: Parameter<TextWriting> {
    Parameter<(TextEncoding, Bool, Int?, Bool)>.options(
      "how to store it",
      Parameter<TextEncoding>(
        "encoding", .encoding, "how to store it", default: .utf8, "\"utf8\""),
      Parameter<Bool>("terminate", .boolean, "write the zero", default: true),
      .optional(
        "max", ArgumentType<Int>.count("max", upTo: 1_048_576),
        "refuse more bytes than this, the zero included"),
      Parameter<Bool>(
        "shared", .boolean, "allow a write that changes a mapped file on disk", default: false)
    ).map(TextWriting.init)
  }

  private static func writeString(
    _ text: [UInt8], to source: any MemorySource, at address: Address,
    _ options: TextWriting
  ) throws -> Int {
    if let most = options.most, let encoded = try? options.encoding.encode(text) {
      let count = encoded.count + (options.terminate ? options.encoding.unitBytes : 0)
      guard count <= most else {
        throw ScriptFailure.badArgument(3, "the text takes \(count) bytes, and max is \(most)")
      }
    }
    return try source.writeString(
      text, at: address, encoding: options.encoding, isTerminated: options.terminate,
      options: WriteOptions(sharedFile: options.shared))
  }
}

/// The options of read_string.
struct TextReading {
  let limit: Int
  let encoding: TextEncoding
}

/// The options of write_string.
struct TextWriting {
  let encoding: TextEncoding
  let terminate: Bool
  let most: Int?
  let shared: Bool
}

extension Reply {
  func packed(_ value: PackedValue) {
    switch value {
    case .integer(let value): integer(value)
    case .real(let value): number(value)
    case .bytes(let value): bytes(value)
    }
  }
}

extension ArgumentType where Value == [PackedValue] {
  /// All arguments from here on.
  static var packedValues: ArgumentType<[PackedValue]> {
    ArgumentType("values", annotation: "any") { call, index in
      guard index <= call.argumentCount else { return [] }
      return try (index...call.argumentCount).map { place in
        switch call.kind(at: place) {
        case .integer: return .integer(try call.integer(at: place))
        case .number: return .real(try call.number(at: place))
        case .string: return .bytes(try call.bytes(at: place))
        default:
          throw ScriptFailure.badArgument(
            place, call.mismatch("number or string", at: place).reason)
        }
      }
    }
  }
}
