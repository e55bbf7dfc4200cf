import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var writingMethods: [Declaration] {
    [
      .method(
        "write", "Write bytes: all of them, or none.",
        Parameter("address", .address, "first byte"),
        Parameter("bytes", .bytes, "what to write"),
        writeOptions,
        returns: .nothing,
        about: About(
          fails: writeErrors, source: ["process_vm_writev(2)"],
          example: #"game:write(scratch, "\1\2\3\4")"#,
          notes: """
            Never forces: pages that the target itself may not write are refused. A write that stops \
            half way is rolled back, and the error says so.
            """, seeAlso: ["process.writev", "process.fill", "process.copy"])
      ) { (_, handle: ProcessHandle, address: Address, bytes: [UInt8], options: WriteOptions) in
        try handle.source.writeBytes(bytes, at: address, options: options)
      }
    ]
  }

  static var blockMethods: [Declaration] {
    [
      .method(
        "copy", "Copy bytes within the process.",
        Parameter("to", .address, "first byte of the destination"),
        Parameter("from", .address, "first byte of the source; the two may overlap"),
        Parameter("count", .byteCount, "how many"),
        writeOptions,
        returns: .nothing,
        about: About(
          fails: writeErrors, source: ["process_vm_readv(2)", "process_vm_writev(2)"],
          example: "game:copy(scratch + 64, scratch, 16)")
      ) {
        (
          _, handle: ProcessHandle, to: Address, from: Address, count: Int, options: WriteOptions
        ) in
        try handle.source.copy(from: from, to: to, count: count, options: options)
      },
      .method(
        "fill", "Write one pattern over and over.",
        Parameter("address", .address, "first byte"),
        Parameter("count", .byteCount, "how many bytes; the last repeat may be cut"),
        Parameter("pattern", .fillPattern, "a byte (0 to 255), or a string", default: [0], "0"),
        writeOptions,
        returns: .nothing,
        about: About(
          fails: writeErrors, source: ["process_vm_writev(2)"],
          example: #"game:fill(scratch, 64, "ab")"#)
      ) {
        (
          _, handle: ProcessHandle, address: Address, count: Int, pattern: [UInt8],
          options: WriteOptions
        ) in
        try handle.source.fill(at: address, count: count, with: pattern, options: options)
      },
      .method(
        "compare", "Compare two ranges, or a range with bytes of our own.",
        Parameter("address", .address, "first byte"),
        Parameter("with", .comparand, "bytes, or the address of the other range"),
        Parameter.optional("count", .byteCount, "how many; the length of the bytes when left out"),
        returns: .values(
          .boolean("whether they are equal", name: "equal"),
          ResultType<Int>.count("the offset of the first difference, from 0; nil: none", name: "at")
            .optional()),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: #"print(game:compare(scratch, game:read(scratch, 16)))  --> true nil"#)
      ) { (_, handle: ProcessHandle, address: Address, with: Comparand, count: Int?) in
        let difference: Int?
        switch with {
        case .bytes(let bytes):
          guard count ?? 0 <= bytes.count else {
            throw ScriptFailure.badArgument(
              4, "there are only \(bytes.count) bytes to compare with")
          }
          difference = try handle.source.compare(
            address, with: Array(bytes.prefix(count ?? bytes.count)))
        case .address(let other):
          guard let count else {
            throw ScriptFailure.badArgument(4, "byte count expected when comparing two ranges")
          }
          difference = try handle.source.compare(address, with: other, count: count)
        }
        return (difference == nil, difference)
      },
    ]
  }
}

/// What a range is compared with.
enum Comparand {
  case bytes([UInt8])
  case address(Address)
}

extension ArgumentType where Value == Comparand {
  static var comparand: ArgumentType<Comparand> {
    ArgumentType("string or address", annotation: "string|integer") { call, index in
      if call.kind(at: index) == .string { return .bytes(try call.bytes(at: index)) }
      return .address(Address(luaInteger: try call.integer(at: index)))
    }
  }
}

extension ArgumentType where Value == [UInt8] {
  /// A byte value, or a string of at least one byte.
  static var fillPattern: ArgumentType<[UInt8]> {
    ArgumentType("byte or string", annotation: "integer|string") { call, index in
      if call.kind(at: index) == .string {
        let bytes = try call.bytes(at: index)
        guard !bytes.isEmpty else { throw ArgumentMismatch("the pattern is empty") }
        return bytes
      }
      return [UInt8(try ArgumentType<Int64>.integer(0...255, "byte").read(call, index))]
    }
  }
}
