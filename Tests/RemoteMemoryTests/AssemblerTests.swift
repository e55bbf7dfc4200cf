import MemoryModel
import RemoteMemory
import Testing

/// The assembler with texts as Swift has them.
enum TestAssembler {
  static let isInstalled = (try? assemble("nop")) == [0x90]
  static let hasARM = (try? assemble("nop", set: .arm64)) != nil

  /// Whether the code of pvm-target is that of x86, and there is an assembler for it.
  static var isOnX86: Bool {
    #if arch(x86_64)
      isInstalled
    #else
      false
    #endif
  }

  static func assemble(
    _ text: String, at address: UInt64 = 0x40_1000, set: InstructionSet = .amd64,
    syntax: AssemblySyntax = .intel, symbols: [String: Address] = [:]
  ) throws(RemoteMemoryError) -> [UInt8] {
    try Assembler.assemble(
      Array(text.utf8), at: Address(address), for: set, syntax: syntax, symbols: symbols)
  }
}

@Suite("the assembler", .enabled(if: TestAssembler.isInstalled, "as is not installed"))
struct AssemblerTests {
  struct Case: CustomTestStringConvertible {
    let text: String
    let hex: String
    var set = InstructionSet.amd64
    var syntax = AssemblySyntax.intel
    var address: UInt64 = 0x40_1000
    var testDescription: String { "\(text) (\(set.rawValue))" }
  }

  static let cases = [
    Case(text: "", hex: ""),
    Case(text: "xor eax, eax; ret", hex: "31c0c3"),
    Case(text: "xorl %eax, %eax\nret", hex: "31c0c3", syntax: .att),
    Case(text: "mov dword ptr [rdi+0x10], 999", hex: "c74710e7030000"),
    Case(text: "jmp 0x401230", hex: "e92b020000"),
    Case(text: "call 0x400000", hex: "e8fbefffff"),
    Case(text: "nop\njne 0x401000", hex: "900f85f9ffffff"),
    Case(text: "jmp 0x401230", hex: "e92b020000", syntax: .att),
    Case(text: "l: nop; jmp l", hex: "90ebfd"),
    Case(text: "lea rax, [rip+l]; l: ret", hex: "488d0500000000c3"),
    Case(text: "mov rax, [rip+health]", hex: "488b05f95fc0ff"),
    Case(text: "jrcxz health2", hex: "e30e"),
    Case(text: "movabs rax, offset health", hex: "48b80070000000000000"),
    Case(text: "mov eax, offset l; l: ret", hex: "b805104000c3"),
    Case(text: ".quad l, 5; l:", hex: "10104000000000000500000000000000"),
    Case(text: "jmp 0x555555555000", hex: "e9fb0f0000", address: 0x5555_5555_4000),
    Case(text: "jmp 0x1000", hex: "e9fbffffff", address: 0x1000),
    Case(text: "jmp 0x8048000", hex: "e9fb6f4000", set: .i386, address: 0x7c4_1000),
    Case(text: "jmp 0xfffff000", hex: "e9fbdfffff", set: .i386, address: 0x1000),
    Case(text: "mov eax, [health]", hex: "a100700000", set: .i386),
    Case(text: "push offset l; l: ret", hex: "6805104000c3", set: .i386),
    Case(text: "jecxz health2", hex: "e30e", set: .i386),
    Case(text: "pushl $5", hex: "6a05", set: .i386, syntax: .att),
  ]

  @Test("makes the bytes for the address", arguments: cases)
  func bytes(_ item: Case) throws {
    let bytes = try TestAssembler.assemble(
      item.text, at: item.address, set: item.set, syntax: item.syntax,
      symbols: ["health": Address(0x7000), "health2": Address(0x40_1010)])
    #expect(hex(bytes) == item.hex)
  }

  static let armCases = [
    Case(text: "mov w0, #0\nret", hex: "00008052c0035fd6", set: .arm64),
    Case(text: "b 0x402000", hex: "00040014", set: .arm64),
    Case(text: "l: nop; k:B #0x401004", hex: "1f2003d500000014", set: .arm64),
    Case(text: "cbz x3,0x401000\n b l\nl:", hex: "030000b401000014", set: .arm64),
    Case(text: "adr x1, 0x401010", hex: "81000010", set: .arm64),
    Case(text: "ldr x0, 0x401010", hex: "80000058", set: .arm64),
    Case(text: "ldr x0, [x1], #8", hex: "208440f8", set: .arm64),
    Case(text: "1: nop; b 1b", hex: "1f2003d5ffffff17", set: .arm64),
    Case(text: "bl 0x400000", hex: "00fcff97", set: .arm64),
    Case(text: "b.eq 0x401010", hex: "80000054", set: .arm64),
    Case(text: "tbz w0, #3, 0x401010", hex: "80001836", set: .arm64),
    Case(text: "adrp x0, health; add x0, x0, :lo12:health", hex: "20e0ffd000000091", set: .arm64),
    Case(text: "ldr x0, [x0, #:lo12:health2]", hex: "000840f9", set: .arm64),
    Case(text: "movz x0, #:abs_g0:health", hex: "00008ed2", set: .arm64),
  ]

  @Test(
    "makes the bytes of ARM",
    .enabled(if: TestAssembler.hasARM, "aarch64-linux-gnu-as is not installed"),
    arguments: armCases)
  func arm(_ item: Case) throws { try bytes(item) }

  @Test(
    "takes no number of ARM for a distance",
    arguments: [
      "b 4+4", "b #8 // on", "x = 8; b x", "x=8", "l: x =8", ".set x, 8", "b -8",
      "l: tbz w0, #3, (8)",
    ])
  func armDistance(_ text: String) {
    let error = failure { try TestAssembler.assemble(text, set: .arm64) }
    #expect(error?.message.contains("line 1: ") == true && error?.code == "EINVAL")
  }

  @Test("says where no instruction of ARM begins", .enabled(if: TestAssembler.hasARM))
  func armPlace() {
    let error = failure { try TestAssembler.assemble("b 0x401002", set: .arm64) }
    #expect(error?.message.contains("no instruction can begin at 0x401002") == true)
  }

  struct Refusal: CustomTestStringConvertible {
    let text: String
    let words: String
    var address: UInt64 = 0x40_1000
    var set = InstructionSet.amd64
    var testDescription: String { text }
  }

  @Test(
    "says what is wrong, and where",
    arguments: [
      Refusal(text: "foo eax", words: "line 1: no such instruction: 'foo eax'"),
      Refusal(text: "nop\nmov eax, [rdi", words: "line 2: "),
      Refusal(text: "a b\nc d\ne f\ng h", words: "'e f'; and 1 more"),
      Refusal(text: "jmp nowhere", words: "nothing is known by the name 'nowhere'"),
      Refusal(text: "jmp 0x100401000", words: "0x100401000 is too far"),
      Refusal(text: "jrcxz remote", words: "0x409000 is too far"),
      Refusal(text: "mov eax, offset high", words: "no room for 0x123456789"),
      Refusal(text: "call [rip+l@GOTPCREL]; l:", words: "needs a linker"),
      Refusal(text: ".balign 64; nop", words: "a multiple of 64", address: 0x40_1020),
      Refusal(text: ".byte 256", words: "line 1: value 0x100 truncated to 0x0 (EINVAL)"),
      Refusal(text: ".incbin 1", words: "the directive .incbin is not accepted"),
      Refusal(text: "mov rax, rbx", words: "line 1: ", set: .i386),
      Refusal(text: ".zero 0x1800000", words: "the result is too large"),
      Refusal(text: ".zero 0x200000", words: "2097152 bytes"),
    ])
  func refusals(_ item: Refusal) {
    let error = failure {
      try TestAssembler.assemble(
        item.text, at: item.address, set: item.set,
        symbols: ["remote": Address(0x40_9000), "high": Address(0x1_2345_6789)])
    }
    #expect(error?.code == "EINVAL")
    #expect(error?.message.contains(item.words) == true, "\(error?.message ?? "none")")
    #expect(error?.message.hasPrefix("assemble at \(Address(item.address)): ") == true)
  }

  @Test("no text makes it do anything else, or fail in another way")
  func fuzz() throws {
    var random = RandomBytes(seed: 7)
    let words = [
      "mov", "eax", "jmp", ",", "[", "]", "rip", "0x10", ";", "\n", ":", "l", ".byte", ".", "'",
      "`",
      "%", "{", "}", "offset", "ptr", "\\", "#", "/*", "*/", "$", "@", "=", "-", "rep", "lock", "é",
      "@plt", ".nops", ".fill", "1b", "~", "(", "99999999999999999999", "#NO_APP\n", "\r", "fs:",
    ]
    for _ in 0..<60 {
      let text = (0..<random.below(12)).map { _ in words[random.below(words.count)] }
      if let error = failure({ try TestAssembler.assemble(text.joined(separator: " ")) }) {
        #expect(error.code == "EINVAL", "\(text): \(error)")
      }
    }
  }

  @Test("takes no object file at its word")
  func objects() throws {
    let (text, object) = (ScratchFile(Array("l: call x; jmp l; .quad l, x\n".utf8)), ScratchFile())
    let child = try SpawnedProcess.spawn(SpawnRequest(["as", "-o", object.path, text.path]))
    #expect(try child.waitForExit(seconds: 20) == .exited(code: 0))
    let bytes = try #require(object.content)
    let symbols = ["x": Address(0x40_2000)]
    let whole = try ELFObject(parsing: bytes)
    #expect(try whole.placed(at: Address(0x40_1000), symbols: symbols).count == 23)
    var random = RandomBytes(seed: 5)
    for round in 0..<1500 {
      var broken = bytes
      for _ in 0...random.below(4) {
        broken[random.below(broken.count)] = UInt8(truncatingIfNeeded: random.next() >> 9)
      }
      if round % 5 == 0 { broken.removeLast(random.below(broken.count)) }
      guard let read = try? ELFObject(parsing: broken) else { continue }
      _ = try? read.placed(at: Address(.max - UInt64(round)), symbols: symbols)
    }
  }

  @Test("stops when it is asked to")
  func interrupted() {
    let error = failure {
      try Assembler.assemble(
        Array("nop".utf8), at: .zero, for: .amd64, interrupt: InterruptCheck { true })
    }
    #expect(error == nil || error?.code == "EINTERRUPTED")
  }
}

/// Bytes as digits without spaces.
func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
