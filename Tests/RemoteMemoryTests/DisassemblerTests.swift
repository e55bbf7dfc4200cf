import MemoryModel
import RemoteMemory
import Testing

@Suite(
  "the disassembler", .enabled(if: Disassembler.isBuiltIn, "built without the trait Disassembly"))
struct DisassemblerTests {
  struct Case: CustomTestStringConvertible {
    let hex: String
    let text: String
    var flow = Instruction.Flow.next
    var branch: UInt64?
    var memory: UInt64?
    /// The bytes that change, with 0x7000 to 0x8000 mapped.
    var changes = 0..<0
    var set = InstructionSet.amd64
    var syntax = AssemblySyntax.intel
    var testDescription: String { "\(text) (\(set.rawValue))" }
  }

  static let cases = [
    Case(hex: "c3", text: "ret", flow: .return),
    Case(hex: "f30f1efa", text: "endbr64"),
    Case(hex: "c74710e7030000", text: "mov dword ptr [rdi + 0x10], 0x3e7"),
    Case(hex: "c74710e7030000", text: "movl $0x3e7, 0x10(%rdi)", syntax: .att),
    Case(hex: "e92b020000", text: "jmp 0x1230", flow: .jump, branch: 0x1230, changes: 1..<5),
    Case(hex: "e8fbefffff", text: "call 0", flow: .call, branch: 0, changes: 1..<5),
    Case(hex: "0f85f9ffffff", text: "jne 0xfff", flow: .branch, branch: 0xfff, changes: 2..<6),
    Case(hex: "75fe", text: "jne 0x1000", flow: .branch, branch: 0x1000),
    Case(hex: "e30e", text: "jrcxz 0x1010", flow: .branch, branch: 0x1010),
    Case(hex: "ffe0", text: "jmp rax", flow: .jump),
    Case(
      hex: "ff15f0000000", text: "call qword ptr [rip + 0xf0]", flow: .call, memory: 0x10f6,
      changes: 2..<6),
    Case(
      hex: "c705f000000005000000", text: "mov dword ptr [rip + 0xf0], 5", memory: 0x10fa,
      changes: 2..<6),
    Case(
      hex: "660f6f05f0000000", text: "movdqa xmm0, xmmword ptr [rip + 0xf0]", memory: 0x10f8,
      changes: 4..<8),
    Case(hex: "488d05f0ffffff", text: "lea rax, [rip - 0x10]", memory: 0xff7, changes: 3..<7),
    Case(hex: "b800700000", text: "mov eax, 0x7000", changes: 1..<5),
    Case(hex: "b800900000", text: "mov eax, 0x9000"),
    Case(hex: "48b80070000000000000", text: "movabs rax, 0x7000", changes: 2..<10),
    Case(
      hex: "48a10070000000000000", text: "movabs rax, qword ptr [0x7000]", memory: 0x7000,
      changes: 2..<10),
    Case(hex: "8b8700700000", text: "mov eax, dword ptr [rdi + 0x7000]", changes: 2..<6),
    Case(hex: "8b8700010000", text: "mov eax, dword ptr [rdi + 0x100]"),
    Case(hex: "64488b042528000000", text: "mov rax, qword ptr fs:[0x28]"),
    Case(hex: "48d1fa", text: "sar rdx, 1"),
    Case(hex: "06", text: "(bad)", flow: .bad),
    Case(
      hex: "a100700000", text: "mov eax, dword ptr [0x7000]", memory: 0x7000, changes: 1..<5,
      set: .i386),
    Case(hex: "6800700000", text: "push 0x7000", changes: 1..<5, set: .i386),
    Case(
      hex: "e9fbdfffff", text: "jmp 0xfffff000", flow: .jump, branch: 0xffff_f000, changes: 1..<5,
      set: .i386),
    Case(hex: "40", text: "inc eax", set: .i386),
    Case(hex: "c0035fd6", text: "ret", flow: .return, set: .arm64),
    Case(
      hex: "00040014", text: "b #0x2000", flow: .jump, branch: 0x2000, changes: 0..<4, set: .arm64),
    Case(
      hex: "00fcff97", text: "bl #0", flow: .call, branch: 0, changes: 0..<4, set: .arm64),
    Case(hex: "80000054", text: "b.eq #0x1010", flow: .branch, branch: 0x1010, set: .arm64),
    Case(hex: "80001836", text: "tbz w0, #3, #0x1010", flow: .branch, branch: 0x1010, set: .arm64),
    Case(hex: "60000034", text: "cbz w0, #0x100c", flow: .branch, branch: 0x100c, set: .arm64),
    Case(
      hex: "00e0ff90", text: "adrp x0, #0xffffffffffc01000", memory: 0xffff_ffff_ffc0_1000,
      changes: 0..<4, set: .arm64),
    Case(hex: "81000010", text: "adr x1, #0x1010", memory: 0x1010, changes: 0..<4, set: .arm64),
    Case(hex: "80000058", text: "ldr x0, #0x1010", memory: 0x1010, changes: 0..<3, set: .arm64),
    Case(hex: "00003fd6", text: "blr x0", flow: .call, set: .arm64),
    Case(hex: "00001fd6", text: "br x0", flow: .jump, set: .arm64),
    Case(hex: "ffffffff", text: "(bad)", flow: .bad, set: .arm64),
  ]

  @Test("tells what an instruction does and names", arguments: cases)
  func instruction(_ item: Case) throws {
    let disassembler = try Disassembler(item.set, syntax: item.syntax)
    let found = disassembler.instructions(in: bytes(item.hex), at: Address(0x1000))
    let first = try #require(found.first)
    #expect(found.count == 1)
    #expect(first.text == item.text)
    #expect(hex(first.bytes) == item.hex)
    #expect(first.flow == item.flow)
    #expect(first.branchTarget?.rawValue == item.branch)
    #expect(first.memoryTarget?.rawValue == item.memory)
    let mapped = AddressRange(start: Address(0x7000), count: 0x1000)
    let bits = first.changingBits { mapped.contains($0) }
    #expect(bits.indices.filter { bits[$0] != 0 } == Array(item.changes))
  }

  @Test("goes on after what is no instruction, and stops at the limit")
  func many() throws {
    let disassembler = try Disassembler(.amd64)
    let found = disassembler.instructions(in: [0x90, 0x06, 0xc3, 0x0f], at: Address(0x10))
    #expect(found.map(\.mnemonic) == ["nop", "(bad)", "ret", "(bad)"])
    #expect(found.map(\.address.rawValue) == [0x10, 0x11, 0x12, 0x13])
    let two = disassembler.instructions(in: [0x90, 0x90, 0x90], at: .zero, limit: 2)
    #expect(two.count == 2)
    #expect(disassembler.instructions(in: [], at: .zero).isEmpty)
  }

  @Test("takes any bytes", arguments: InstructionSet.allCases)
  func hostile(_ set: InstructionSet) throws {
    var random = RandomBytes(seed: 11)
    let disassembler = try Disassembler(set)
    for round in 0..<3400 {
      let bytes = random.bytes(round % 48)
      let found = disassembler.instructions(in: bytes, at: Address(.max - UInt64(round)))
      #expect(found.flatMap(\.bytes) == bytes)
      for instruction in found {
        #expect(instruction.changingBits { _ in true }.count == instruction.bytes.count)
      }
    }
  }

  @Test("reads back what the assembler made", .enabled(if: TestAssembler.isOnX86))
  func roundTrip() throws {
    for syntax in AssemblySyntax.allCases {
      let target = try Target()
      let process = try target.attach()
      let start = target("take_damage")
      let found = try process.disassemble(at: start, count: 11, as: .amd64, syntax: syntax)
      for instruction in found where instruction.memoryTarget == nil {
        let bytes = try TestAssembler.assemble(
          instruction.text, at: instruction.address.rawValue, syntax: syntax)
        let again = try Disassembler(.amd64, syntax: syntax).instructions(
          in: bytes, at: instruction.address)
        #expect(again.map(\.text) == [instruction.text])
      }
    }
  }

  @Test("reads from a process", .enabled(if: TestAssembler.isOnX86))
  func process() throws {
    let target = try Target()
    let process = try target.attach()
    let place = target("take_damage_sub")
    let found = try process.disassemble(at: place, count: 1, as: .amd64)
    #expect(found.map(\.text) == ["sub eax, esi"])
    #expect(try process.instructionBytes(at: place, count: 1, as: .amd64) == 2)
    #expect(try process.disassemble(at: place, byteCount: 3, as: .amd64).count >= 2)
    #expect(try process.disassemble(at: place, count: 0, as: .amd64).isEmpty)
    let snapshot = try Snapshot.capture(process)
    #expect(try snapshot.disassemble(at: place, count: 1, as: .amd64) == found)
  }

  @Test("says where memory ends, and where no instruction is")
  func refusals() throws {
    let nops = [UInt8](repeating: 0x90, count: 20)
    let source = BufferSource([(start: 0x1000, bytes: [0x90, 0x06] + nops + [0x0f])])
    #expect(try source.disassemble(at: Address(0x1000), count: 22, as: .amd64).count == 22)
    let error = failure { try source.instructionBytes(at: Address(0x1000), count: 3, as: .amd64) }
    #expect(error?.code == "EINVAL" && error?.address == Address(0x1001))
    for count in [23, 24] {
      #expect(
        failure { try source.disassemble(at: Address(0x1000), count: count, as: .amd64) }?.code
          == "EFAULT")
    }
    #expect(
      failure { try source.disassemble(at: Address(0x2000), count: 1, as: .amd64) }?.code
        == "EFAULT")
    for count in [-1, 100_001] {
      #expect(failure { try source.disassemble(at: .zero, count: count, as: .amd64) } != nil)
    }
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0
    }
  }
}
