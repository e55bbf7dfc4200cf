import LuaHost
import MemoryModel
import RemoteMemory

/// Bytes of our own that a script reads into again and again, and picks values from without a
/// further system call.
public final class ByteBuffer {
  private let allocation: Allocation
  var storage: UnsafeMutableRawBufferPointer { allocation.bytes }

  /// How wide pointers are in it: as in the process that it was last filled from.
  var pointerWidth = PointerWidth.eight

  /// Zeroed memory, or the error that there is none.
  init(byteCount: Int) throws(RemoteMemoryError) {
    guard byteCount < 1 << 20 && !Sandbox.isClosed || byteCount <= MemoryBudget.standard.left else {
      throw RemoteMemoryError(
        .read, .system, requestedBytes: byteCount, errno: Errno(rawValue: 12),
        detail: "a buffer may take half of the free memory")
    }
    allocation = try Allocation(byteCount: byteCount, for: .read)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// The part from an offset on.
  func part(_ offset: Int, _ count: Int) throws -> UnsafeMutableRawBufferPointer {
    let (end, wraps) = offset.addingReportingOverflow(count)
    guard offset >= 0, count >= 0, !wraps, end <= storage.count else {
      throw ArgumentMismatch(
        "bytes \(offset) to \(offset &+ count) are outside the buffer of \(storage.count)")
    }
    return UnsafeMutableRawBufferPointer(rebasing: storage[offset..<end])
  }
}

extension PVMModule {
  static var bufferClass: ClassDeclaration {
    ClassDeclaration(
      ByteBuffer.self, "pvm.buffer",
      "Bytes of our own: read a whole range into it once, then pick values from it.",
      [bufferContent, bufferMetamethods])
  }

  private static var bufferContent: [Declaration] {
    [
      .method(
        "get", "Take a value out of the buffer.",
        Parameter("offset", .count("offset", upTo: transferLimitBytes), "first byte, from 0"),
        Parameter("type", .scalar, "what it is"),
        returns: .scalar("the value"),
        about: About(
          example: """
            local buffer = pvm.buffer(64)
            game:read_into(buffer, game:addr(player))
            print(buffer:get(0, "i32"))
            """)
      ) { (_, buffer: ByteBuffer, offset: Int, format: ScalarFormat) in
        let width = buffer.pointerWidth
        let part = try buffer.part(offset, format.byteCount(pointerWidth: width))
        return format.decode(UnsafeRawBufferPointer(part), pointerWidth: width) ?? .integer(0)
      },
      .method(
        "bytes", "Take a part out of the buffer, as a string.",
        Parameter("offset", .count("offset", upTo: transferLimitBytes), "first byte", default: 0),
        Parameter.optional("count", .byteCount, "how many bytes; to the end when left out"),
        returns: .bytes("the bytes"),
        about: About(example: #"print(#pvm.buffer(16):bytes(0, 4))  --> 4"#)
      ) { (_, buffer: ByteBuffer, offset: Int, count: Int?) in
        let part = try buffer.part(offset, count ?? max(0, buffer.storage.count - offset))
        return [UInt8](part)
      },
    ]
  }

  private static var bufferMetamethods: [Declaration] {
    [
      .metamethod("__len", .count("its size in bytes")) { (_, buffer: ByteBuffer) in
        buffer.storage.count
      },
      .metamethod("__tostring", .text("one line about it")) { (_, buffer: ByteBuffer) in
        "pvm.buffer of \(buffer.storage.count) bytes"
      },
    ]
  }
}
