import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
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
