import MemoryModel
import RemoteMemory
import Testing

@Suite(
  "signatures of code", .enabled(if: Disassembler.isBuiltIn, "built without the trait Disassembly"))
struct SignatureTests {
  /// Code at 0x1000 with more of it behind, all in one stretch of memory.
  private func source(_ parts: [UInt8]...) -> BufferSource {
    BufferSource([(start: 0x1000, bytes: Array(parts.joined()))])
  }

  private func signature(
    _ source: BufferSource, at address: UInt64 = 0x1000, as set: InstructionSet = .amd64,
    lengths: ClosedRange<Int> = 1...64
  ) throws -> String {
    try source.signature(of: Address(address), as: set, lengths: lengths).pattern.description
  }

  /// sub eax, esi; call; ret; and what lies elsewhere.
  static let routine: [UInt8] = [0x29, 0xf0, 0xe8, 1, 2, 3, 4, 0xc3]

  @Test(
    "are as short as they can be",
    arguments: [
      ([], "29"),
      ([0x29], "29 f0"),
      ([0x29, 0xf0], "29 f0 e8"),
      ([0x29, 0xf0, 0xe8, 9, 9, 9, 9, 0x90], "29 f0 e8 ?? ?? ?? ?? c3"),
      ([0x29, 0x29, 0xf0, 0xe9], "29 f0 e8"),
    ] as [([UInt8], String)])
  func shortest(_ others: [UInt8], _ expected: String) throws {
    #expect(try signature(source(Self.routine, others)) == expected)
    let behind = source(others, Self.routine)
    #expect(try signature(behind, at: 0x1000 + UInt64(others.count)) == expected)
  }

  @Test("have the length that was asked for")
  func lengths() throws {
    #expect(try signature(source(Self.routine), lengths: 4...64) == "29 f0 e8 ??")
    let twice = source(Self.routine, Self.routine)
    let error = failure { try signature(twice, lengths: 1...8) }
    #expect(error?.code == "ENOENT")
    #expect(error?.message.contains("its 8 bytes also stand at 0x1008 in its region") == true)
    // Behind the second one the memory ends, which tells them apart too.
    #expect(try signature(twice).hasSuffix("c3 29"))
  }

  @Test("end before what is no instruction, or cannot be read")
  func ends() throws {
    let code = source([0x90, 0x90, 0x06], [0x90, 0x90])
    #expect(failure { try signature(code) }?.message.contains("its 2 bytes") == true)
    #expect(failure { try signature(source([0x06])) }?.code == "EINVAL")
    #expect(failure { try signature(source([0x90]), at: 0x9000) }?.code == "EFAULT")
  }

  @Test("leave the parts of an ARM address open")
  func arm() throws {
    // adrp x0, page; add x0, x0, 8; ret
    let code = source([0, 0, 0, 0x90, 0, 0x20, 0, 0x91, 0xc0, 3, 0x5f, 0xd6])
    let pattern = try code.signature(
      of: Address(0x1000), as: .arm64, lengths: 12...12
    ).pattern
    #expect(pattern.mask == [0x1f, 0, 0, 0x9f, 0xff, 3, 0xc0, 0xff, 0xff, 0xff, 0xff, 0xff])
  }

  @Test("find the damage routine again, by one hit", .enabled(if: TestAssembler.isOnX86))
  func target() throws {
    let target = try Target()
    let process = try target.attach()
    for name in ["take_damage", "take_damage_sub"] {
      let found = try process.signature(of: target(name), as: .amd64)
      #expect(found.scope == "pvm-target")
      #expect(found.searchedBytes > 100_000)
      try expectOnly(target(name), found.pattern, in: "pvm-target", of: process)
    }
  }

  @Test("agree with searching, all over libc", .enabled(if: TestAssembler.isOnX86))
  func oracle() throws {
    let target = try Target()
    let process = try target.attach()
    let module = try #require(process.regionMap().modules().first { $0.name.hasPrefix("libc.so") })
    let code = try #require(module.regions.first { $0.permissions.contains(.execute) })
    var random = RandomBytes(seed: 3)
    var made = 0
    for _ in 0..<5 {
      let start = code.start.offset(by: Int64(random.below(Int(code.range.count) - 64)))
      guard let found = try? process.signature(of: start, as: .amd64, lengths: 1...100) else {
        continue
      }
      made += 1
      try expectOnly(start, found.pattern, in: module.name, of: process)
      guard found.pattern.count > 1 else { continue }
      let bytes = found.pattern.bytes.dropLast()
      let mask = found.pattern.mask.dropLast()
      guard let shorter = try? BytePattern(Array(bytes), mask: Array(mask)) else { continue }
      #expect(try hits(shorter, in: module.name, of: process).count > 1)
    }
    #expect(made > 0)
  }

  private func expectOnly(
    _ address: Address, _ pattern: BytePattern, in module: String, of process: RemoteProcess
  ) throws {
    #expect(try hits(pattern, in: module, of: process) == [address], "\(pattern)")
  }

  private func hits(
    _ pattern: BytePattern, in module: String, of process: RemoteProcess
  ) throws -> [Address] {
    let filter = RegionFilter(permissions: PermissionFilter(required: .read), module: module)
    let found = try process.find(
      [("code", pattern)], alignment: 1, in: ScanScope(filter: filter), options: ScanOptions())
    return found.addresses(from: 0, count: found.count)
  }
}
