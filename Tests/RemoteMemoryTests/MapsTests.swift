import MemoryModel
import Testing

@testable import RemoteMemory

/// What is mapped, from a live process.
@Suite struct MapsTests {
  static let oddNames = [
    "newline", "space", "nonutf8", "deleted", "fakedeleted", "heap", "backslash", "long", "forged",
  ]

  @Test("names keep every byte, and each mapping is one region")
  func oddNames() throws {
    let target = try Target("odd-names")
    let process = try target.attach()
    let map = try process.regionMap()
    for kind in Self.oddNames {
      guard let hex = target.texts["odd_\(kind)_name"] else {
        Issue.record("no odd_\(kind)_name")
        continue
      }
      let region = try #require(map.region(containing: target("odd_\(kind)")))
      // In the list a backslash and an escaped newline look alike, in the query they do not.
      if kind != "backslash" { #expect(region.nameBytes == bytes(hex), "\(kind)") }
      #expect(region.range.count == 4096, "\(kind)")
      #expect(region.start == target("odd_\(kind)"), "\(kind)")
      let asked = try #require(try process.region(at: target("odd_\(kind)")))
      #expect(asked.range == region.range)
      #expect(asked.permissions == region.permissions)
      if process.mappings != nil { #expect(asked.nameBytes == bytes(hex), "\(kind)") }
    }
    #expect(map.region(containing: target("odd_heap"))?.kind == .file)
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
  }

  @Test("every query agrees with the list")
  func queries() throws {
    let target = try Target("holes", "shared-file", "memfd", "threads=2")
    let process = try target.attach()
    for region in try process.regionMap().regions where region.kind != .vsyscall {
      #expect(try process.region(at: region.start) == region)
      #expect(try process.region(at: region.end.offset(by: -1)) == region)
    }
    #expect(try process.region(at: target("holes_gap")) == nil)
    #expect(try process.region(at: .zero) == nil)
    #expect(try process.region(at: Address(.max)) == nil)
  }

  @Test("20 000 mappings, each once and each read", .timeLimit(.minutes(2)))
  func many() throws {
    let target = try Target("many-mappings=20000")
    let process = try target.attach()
    let first = target("many")
    let count = Int(target("many_count").rawValue)
    #expect(count == 20_000)
    let map = try process.regionMap()
    let area = AddressRange(start: first, count: UInt64(count) * 4096)
    #expect(map.regions(overlapping: area).count == count)
    let items = (0..<count).map {
      ScatterItem(address: first.offset(by: Int64($0 * 4096)), element: .scalar(ScalarFormat(.u64)))
    }
    let result = try ScatterPlan(items, for: process).read(from: process)
    #expect((0..<count).allSatisfy { result.scalar(at: $0) == .unsigned(UInt64($0)) })
  }

  @Test("an error names what is nearby")
  func nearby() throws {
    let target = try Target("holes", "no-access")
    let process = try target.attach()
    #expect(
      failure { try process.readBytes(at: Address(16), count: 16) }?.message
        == "read 16 bytes at 0x10: not mapped (EFAULT)")
    let hole = failure { try process.readBytes(at: target("holes"), count: 8 * 4096) }
    #expect(
      hole?.message.contains(
        "stopped after 16384 at \(target("holes_gap")): not mapped, past the end of") == true)
    let closed = failure { try process.readBytes(at: target("no_access"), count: 1) }
    #expect(
      closed?.message.contains("read 1 byte at \(target("no_access")): in anonymous memory ---p")
        == true)
  }

  @Test("modules, names and expressions")
  func addresses() throws {
    let target = try Target()
    let process = try target.attach()
    let map = try process.regionMap()
    guard case .one(let module) = map.module(named: "pvm-target") else {
      Issue.record("no module pvm-target")
      return
    }
    #expect(module.base == target("module"))
    let offset = target("root").rawValue - module.base.rawValue
    let hexadecimal = String(offset, radix: 16)
    #expect(try process.address("pvm-target+0x\(hexadecimal)") == target("root"))
    #expect(try process.address("[[[pvm-target+0x\(hexadecimal)]+0x10]+8]+4") == target("gold"))
    #expect(try process.name(of: target("root"))?.hasPrefix("pvm-target") == true)
    #expect(try process.address("pvm-target!pvm_target_take_damage") == target("take_damage"))
    #expect(
      try process.name(of: target("take_damage").offset(by: 1))
        == "pvm-target!pvm_target_take_damage+0x1")
    let heap = try #require(map.regions.first { $0.kind == .heap })
    #expect(try process.address("heap+16") == heap.start.offset(by: 16))
    #expect(try process.name(of: heap.start.offset(by: 0x40)) == "[heap]+0x40")
    #expect(try process.name(of: Address(16)) == nil)
    #expect(failure { try process.address("nosuch+4") }?.code == "ENOENT")
    #expect(failure { try process.address("[0x10]") }?.code == "EFAULT")
    #expect(failure { try process.address("1+") }?.code == "EINVAL")
  }

  @Test(
    "the whole list is right without the newer requests",
    arguments: [Set<KernelFeature>(), [.mappingQuery]])
  func without(_ without: Set<KernelFeature>) throws {
    let target = try Target("holes", "no-access", "read-only")
    let process = try target.attach(IdentityTests.options(without))
    #expect(try process.region(at: target("holes_gap")) == nil)
    #expect(try process.region(at: target("no_access"))?.permissions.description == "---p")
    #expect(failure { try process.readBytes(at: target("no_access"), count: 4) }?.code == "EFAULT")
    #expect(failure { try process.writeBytes([1], at: target("read_only")) }?.code == "EFAULT")
    let (bytes, holes) = try process.readSparse(at: target("holes"), count: 8 * 4096)
    #expect(holes == [Hole(offset: 4 * 4096, count: 4096, address: target("holes_gap"))])
    #expect(bytes[(5 * 4096)...] == pattern(0..<(8 * 4096))[(5 * 4096)...])
    try process.writeBytes([1, 2], at: target("scratch"))
    #expect(try process.readBytes(at: target("scratch"), count: 2) == [1, 2])
  }
}
