import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var memoryFunctions: [Declaration] {
    [
      .function(
        "buffer", "Make a buffer of our own to read into.",
        Parameter("size", .byteCount, "bytes, 0 to 1 GiB"),
        returns: .object("pvm.buffer", "filled with zeros", weight: { $0.storage.count }),
        about: About(
          fails: ["ENOMEM"], example: "print(#pvm.buffer(4096))  --> 4096",
          seeAlso: ["process.read_into", "buffer.get"])
      ) { (_, size: Int) in try ByteBuffer(byteCount: size) },
      .function(
        "sizeof", "The size of a scalar type in bytes.",
        Parameter("type", .scalar, "\"u32\", \"f64be\" ..."),
        Parameter("bits", .count("bits", from: 32, upTo: 64), "32 or 64, for ptr", default: 64),
        returns: .count("bytes"), about: About(example: #"print(pvm.sizeof("f64"))  --> 8"#)
      ) { (_, format: ScalarFormat, bits: Int) in
        format.byteCount(pointerWidth: bits == 32 ? .four : .eight)
      },
      .function(
        "hexdump", "Show bytes as hexadecimal and text.",
        Parameter("bytes", .bytes, "any bytes"),
        Parameter("address", .address, "the address of the first", default: .zero, "0"),
        returns: .text("a line for each 16 bytes"),
        about: About(example: #"print(pvm.hexdump("hello world"))"#, seeAlso: ["process.hexdump"])
      ) { (_, bytes: [UInt8], address: Address) in
        Hexdump(start: address, bytes: bytes).lines
      },
    ]
  }
}

extension Hexdump {
  /// The rows without a line break behind the last: print adds one.
  var lines: String { String(description.dropLast()) }
}
