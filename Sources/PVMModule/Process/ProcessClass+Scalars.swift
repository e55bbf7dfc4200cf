import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// `read_u32`, `write_u32` and their like: one pair for each scalar type.
  static var scalarMethods: [Declaration] {
    ScalarFormat.all.flatMap { format in
      [readMethod(format), writeMethod(format)]
    }
  }

  private static func readMethod(_ format: ScalarFormat) -> Declaration {
    let annotation = format.luaAnnotation
    return .fastMethod(
      "read_\(format.name)", "Read \(format.inWords).",
      parameters: [.address("first byte, of any alignment")],
      results: [ResultText("value", annotation: annotation, note: format.resultNote)],
      about: About(
        fails: readErrors, source: ["process_vm_readv(2)"],
        example: format.readExample,
        seeAlso: ["process.read_array", "process.scatter"])
    ) { (call, handle: ProcessHandle) in
      let address = try call.addressArgument(2)
      if let process = handle.process {
        try process.readScalar(format, at: address).write(to: call.reply)
      } else {
        try handle.source.readScalar(format, at: address).write(to: call.reply)
      }
    }
  }

  private static func writeMethod(_ format: ScalarFormat) -> Declaration {
    .method(
      "write_\(format.name)", "Write \(format.inWords).",
      Parameter("address", .address, "first byte, of any alignment"),
      Parameter("value", .scalarValue(fitting: format), "must fit the type"),
      writeOptions,
      returns: .nothing,
      about: About(
        fails: writeErrors, source: ["process_vm_writev(2)"],
        example: format.writeExample,
        seeAlso: ["process.write_array", "process.scatter"])
    ) {
      (_, handle: ProcessHandle, address: Address, value: ScalarValue, options: WriteOptions) in
      try handle.source.writeScalar(value, as: format, at: address, options: options)
    }
  }

  /// The options of everything that writes.
  static var writeOptions: Parameter<WriteOptions> {
    Parameter<Bool>.options(
      "how to write",
      Parameter(
        "shared", .boolean, "allow a write that changes a mapped file on disk", default: false)
    ).map { WriteOptions(sharedFile: $0) }
  }

  static var arrayMethods: [Declaration] {
    [
      .method(
        "read_array", "Read values that lie side by side, in one transfer.",
        Parameter("address", .address, "first byte of the first value"),
        Parameter("type", .scalar, "what each is"),
        Parameter("count", .count("count", upTo: 1 << 27), "how many"),
        returns: .written(ResultText("values", annotation: "(number|boolean)[]", note: "from 1")),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: #"print(table.concat(game:read_array(pos, "f32", 3), " "))  --> 1.0 2.0 3.0"#)
      ) { (call, handle: ProcessHandle, address: Address, format: ScalarFormat, count: Int) in
        let values = try handle.source.readArray(format, at: address, count: count)
        call.reply.table(arrayCount: values.count) { reply in
          for value in values { value.write(to: reply) }
        }
      },
      .method(
        "write_array", "Write values side by side: all of them, or none.",
        Parameter("address", .address, "first byte of the first value"),
        Parameter("type", .scalar, "what each is"),
        Parameter("values", .scalarValues, "from 1, without a gap"),
        writeOptions,
        returns: .nothing,
        about: About(
          fails: writeErrors + ["ERANGE"], source: ["process_vm_writev(2)"],
          example: #"game:write_array(pos, "f32", {1, 2, 3})"#)
      ) {
        (
          _, handle: ProcessHandle, address: Address, format: ScalarFormat, values: [ScalarValue],
          options: WriteOptions
        ) in
        try handle.source.writeArray(values, as: format, at: address, options: options)
      },
    ]
  }
}

extension Call {
  /// An address at a fixed place, for methods that read their own arguments.
  func addressArgument(_ index: Int32) throws -> Address {
    do { return Address(luaInteger: try integer(at: index)) } catch let error as ArgumentMismatch {
      throw ScriptFailure.badArgument(index, error.reason)
    }
  }
}

extension ParameterText {
  static func address(_ note: String) -> ParameterText {
    ParameterText(
      name: "address", summary: "address", annotation: "integer", note: note, defaultText: nil,
      isOptional: false, choices: [])
  }
}

extension ScalarFormat {
  /// "a signed 32-bit integer, big endian".
  var inWords: String {
    let order =
      switch byteOrder {
      case nil: ""
      case .big?: ", big endian"
      case .little?: ", little endian"
      }
    let bits = byteCount(pointerWidth: .eight) * 8
    switch type {
    case .bool: return "a byte as true or false"
    case .ptr: return "a pointer of the target's width" + order
    case .f32, .f64: return "a \(bits)-bit float" + order
    case .i8, .i16, .i32, .i64: return "a signed \(bits)-bit integer" + order
    case .u8, .u16, .u32, .u64: return "an unsigned \(bits)-bit integer" + order
    }
  }

  /// Lua that reads one.
  fileprivate var readExample: String {
    switch name {
    case "i32": "print(game:read_i32(gold))  --> 250"
    case "u32be": "print(game:read_u32be(luck_be))  --> 16909060"
    default: "local value = game:read_\(name)(scratch)"
    }
  }

  /// Lua that writes one.
  fileprivate var writeExample: String {
    switch type {
    case .bool: "game:write_\(name)(scratch, true)"
    case .f32, .f64: "game:write_\(name)(scratch, 1.5)"
    default: name == "i32" ? "game:write_i32(gold, 999)" : "game:write_\(name)(scratch, 7)"
    }
  }

  var luaAnnotation: String {
    switch type {
    case .bool: "boolean"
    case .f32, .f64: "number"
    default: "integer"
    }
  }

  var resultNote: String {
    type == .u64 ? "from 2^63 on negative, with the same bits (see math.ult)" : "the value"
  }
}

extension ArgumentType where Value == ScalarValue {
  /// A value that fits a type; checked before anything is written.
  static func scalarValue(fitting format: ScalarFormat) -> ArgumentType<ScalarValue> {
    ArgumentType<ScalarValue>(format.luaAnnotation, annotation: format.luaAnnotation) {
      call, index in
      let value = try ArgumentType<ScalarValue>.scalarValue.read(call, index)
      do { _ = try format.encode(value, pointerWidth: .eight) } catch {
        throw ArgumentMismatch("\(error)")
      }
      return value
    }
  }
}
