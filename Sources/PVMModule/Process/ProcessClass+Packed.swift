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
