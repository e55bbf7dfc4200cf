import MemoryModel
import RemoteMemory
import Testing

/// A 32-bit program, written byte by byte since the machine may have no compiler for it: it waits
/// for ever, and holds a pointer to a text.
@Suite struct NarrowTargetTests {
  static let base: UInt32 = 0x0804_8000
  /// pause(2), again and again.
  static let code: [UInt8] = [0xB8, 29, 0, 0, 0, 0xCD, 0x80, 0xEB, 0xF7]

  /// An ELF file of one segment: header, program header, code, the pointer at 0x60 and the text at
  /// 0x64.
  static var program: [UInt8] {
    func word(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 9)
    file += half(2) + half(3) + word(1) + word(base + 0x54) + word(52) + word(0) + word(0)
    file += half(52) + half(32) + half(1) + half(0) + half(0) + half(0)
    file +=
      word(1) + word(0) + word(base) + word(base) + word(0x80) + word(0x80) + word(7) + word(4096)
    file += code
    file +=
      [UInt8](repeating: 0, count: 0x60 - file.count) + word(base + 0x64) + Array("narrow\0".utf8)
    return file + [UInt8](repeating: 0, count: 0x80 - file.count)
  }

  /// Writes the file with the shell, so that the test needs nothing else, and starts it.
  static func start() throws -> SpawnedProcess? {
    let octal = program.map { "\\0" + String($0, radix: 8) }.joined()
    let script = """
      file=$(mktemp) && printf '%b' "$1" > "$file" && chmod 700 "$file" || exit 1
      echo "$file"
      exec "$file"
      """
    var request = SpawnRequest(["sh", "-c", script, "sh", octal])
    request.output = .pipe
    request.error = .null
    let child = try SpawnedProcess.spawn(request)
    let file = try child.receiveLine(seconds: 20).map { String(decoding: $0, as: UTF8.self) }
    defer {
      if let file {
        _ = try? SpawnedProcess.spawn(SpawnRequest(["rm", "-f", file])).waitForExit(seconds: 20)
      }
    }
    // Until exec has happened it is still the shell, which is no program of 32 bits; without
    // support for them it ends.
    while child.exit == nil {
      if let process = try? RemoteProcess.attach(child.id), process.pointerWidth == .four {
        return child
      }
      _ = try child.waitForExit(seconds: 0.005)
    }
    return nil
  }

  @Test("pointers are as wide as the program's")
  func narrow() throws {
    guard let child = try Self.start() else {
      try Test.cancel("the kernel runs no programs of 32 bits")
    }
    defer { ProcessTests.end(child) }
    let process = try RemoteProcess.attach(child.id)
    #expect(process.pointerWidth == .four)
    #expect(process.machine == "i386")
    #expect(process.byteOrder == .little)
    let place = Address(UInt64(Self.base + 0x60))
    #expect(try process.readPointer(at: place) == place.offset(by: 4))
    #expect(try process.resolve(PointerChain(base: place, offsets: [2])) == place.offset(by: 6))
    let text = try process.readString(at: process.readPointer(at: place))
    #expect(text.text == Array("narrow".utf8))
    #expect(
      failure { try process.writeScalar(.integer(1 << 40), as: ScalarFormat(.ptr), at: place) }?
        .code == "ERANGE")
    try process.writeScalar(.integer(0x1234), as: ScalarFormat(.ptr), at: place)
    #expect(try process.readBytes(at: place, count: 6) == [0x34, 0x12, 0, 0] + Array("na".utf8))
    #expect(try process.address("[0x\(String(Self.base + 0x60, radix: 16))]+1") == Address(0x1235))
  }
}
