import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The codes of a read.
  static let readErrors = ["EFAULT"] + accessErrors
  /// The codes of a write.
  static let writeErrors = ["EFAULT", "EREADONLY", "EREFUSED", "ESHARED"] + accessErrors

  static var readingMethods: [Declaration] {
    [
      .method(
        "read", "Read bytes.",
        Parameter("address", .address, "first byte"),
        Parameter("count", .byteCount, "how many, 0 to 1 GiB"),
        Parameter<Bool>.options(
          "how to read",
          Parameter(
            "partial", .boolean, "give what could be read, and the error beside it", default: false)
        ),
        returns: .written(
          ResultText(
            "bytes", annotation: "string", note: "all of them, or with partial what there is"),
          ResultText("error", annotation: "pvm.error?", note: "with partial: why it is not all")),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: "print(#game:read(health, 16))  --> 16",
          notes: """
            A read that stops early raises; the error's `transferred` says how far it got and `data` \
            holds those bytes.
            """, seeAlso: ["process.read_into", "process.readv", "process.hexdump"])
      ) { (call, handle: ProcessHandle, address: Address, count: Int, partial: Bool) in
        let recent = call.session.display?.recent
        try read(handle.source, address, count, partial: partial, into: call.reply) { bytes in
          recent?.note(handle.number, address, bytes)
        }
      },
      .method(
        "read_into", "Read bytes into a buffer of our own; nothing is copied twice.",
        Parameter("buffer", .buffer, "from pvm.buffer"),
        Parameter("address", .address, "first byte"),
        Parameter.optional("count", .byteCount, "how many; the buffer's size when left out"),
        returns: .count("how many bytes were read: all of them"),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: """
            local buffer = pvm.buffer(64)
            print(game:read_into(buffer, player))  --> 64
            print(buffer:get(0, "i32"))
            """, seeAlso: ["pvm.buffer"])
      ) { (_, handle: ProcessHandle, buffer: ByteBuffer, address: Address, count: Int?) in
        let part = try buffer.part(0, count ?? buffer.storage.count)
        try handle.source.readExactly(part, from: address)
        buffer.pointerWidth = handle.source.pointerWidth
        return part.count
      },
      .method(
        "hexdump", "Show memory as hexadecimal and text, with its addresses.",
        Parameter("address", .address, "first byte"),
        Parameter("count", .count("byte count", upTo: 1_048_576), "how many bytes", default: 128),
        returns: .text("a line for each 16 bytes; what cannot be read is ??"),
        about: About(
          fails: accessErrors, source: ["process_vm_readv(2)"],
          example: "print(game:hexdump(player, 64))")
      ) { (call, handle: ProcessHandle, address: Address, count: Int) in
        let dump = try handle.source.hexdump(at: address, count: count)
        let text = dump.lines
        call.session.display?.recent.note(
          handle.number, address, dump.rows.flatMap(\.cells).map(\.byte), as: text)
        return text
      },
    ]
  }

  /// Reads straight into the reply's own storage.
  private static func read(
    _ source: any MemorySource, _ address: Address, _ count: Int, partial: Bool, into reply: Reply,
    note: (UnsafeRawBufferPointer) -> Void
  ) throws {
    var transfer = Transfer(requestedBytes: count, completedBytes: 0)
    try reply.bytes(capacity: count) { buffer in
      transfer = try source.read(buffer, from: address)
      guard transfer.isComplete || partial else {
        let error = source.shortRead(transfer, from: address)
        throw ReadStopped(error: error, bytes: Array(buffer.prefix(transfer.completedBytes)))
      }
      note(UnsafeRawBufferPointer(rebasing: buffer.prefix(transfer.completedBytes)))
      return transfer.completedBytes
    }
    if partial, !transfer.isComplete { reply.error(source.shortRead(transfer, from: address)) }
  }
}

extension ArgumentType where Value == ByteBuffer {
  static var buffer: ArgumentType<ByteBuffer> { .object("pvm.buffer") }
}
