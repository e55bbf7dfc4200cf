import MemoryModel
import RemoteMemory
import Testing

/// Memory with unreadable pages inside: what lies before and behind must be found, and nothing
/// invented.
@Suite struct HoleTests {
  static let layouts = ["holes", "prot-none", "guard"]

  struct Stretch {
    let start: Address
    let count: Int
    let gap: Address
    var before: Int { Int(start.distance(to: gap)) }

    init(_ target: Target, _ layout: String) {
      let name = layout.replacing("-", with: "_")
      start = target(name)
      count = Int(target("\(name)_bytes").rawValue)
      gap = target("\(name)_gap")
    }
  }

  @Test("stops at the page that cannot be read", arguments: layouts)
  func stops(_ layout: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let stretch = Stretch(target, layout)
    let part = try process.readPartial(at: stretch.start, count: stretch.count)
    #expect(part.bytes == pattern(0..<stretch.before))
    #expect(part.error?.code == "EFAULT")
    #expect(part.error?.address == stretch.gap)
    #expect(part.error?.completedBytes == stretch.before)
    #expect(part.error?.requestedBytes == stretch.count)
  }

  @Test("splits a request within a page at the hole", arguments: layouts)
  func splits(_ layout: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let stretch = Stretch(target, layout)
    let part = try process.readPartial(at: stretch.gap.offset(by: -10), count: 30)
    #expect(part.bytes == pattern((stretch.before - 10)..<stretch.before))
    #expect(try process.readPartial(at: stretch.gap, count: 8).bytes.isEmpty)
    #expect(
      failure { try process.readScalar(ScalarFormat(.u64), at: stretch.gap.offset(by: -4)) }?
        .completedBytes == 4)
  }

  @Test("lists the hole and reads on behind it", arguments: layouts)
  func sparse(_ layout: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let stretch = Stretch(target, layout)
    let (bytes, holes) = try process.readSparse(at: stretch.start, count: stretch.count)
    #expect(holes == [Hole(offset: stretch.before, count: 4096, address: stretch.gap)])
    let all = pattern(0..<stretch.count)
    #expect(Array(bytes[..<stretch.before]) == Array(all[..<stretch.before]))
    #expect(bytes[(stretch.before + 4096)...] == all[(stretch.before + 4096)...])
  }

  @Test("a file cut short under its mapping")
  func truncated() throws {
    let target = try Target("truncated-file")
    let process = try target.attach()
    let end = Int(target("truncated").distance(to: target("truncated_end")))
    let part = try process.readPartial(
      at: target("truncated"), count: Int(target("truncated_bytes").rawValue))
    #expect(part.bytes.count == end)
    #expect(part.error?.code == "EFAULT")
  }

  @Test(
    "what the target itself may not read is not read either",
    arguments: ["write-only", "exec-only", "no-access"])
  func unreadable(_ layout: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let place = target(layout.replacing("-", with: "_"))
    #expect(failure { try process.readBytes(at: place, count: 16) }?.code == "EFAULT")
    #expect(try process.readSparse(at: place, count: 4096).holes.map(\.count) == [4096])
  }

  @Test("pages the kernel keeps to itself", arguments: ["[vvar]", "[vsyscall]"])
  func kernelPages(_ name: String) throws {
    let target = try Target()
    let process = try target.attach()
    let region = try process.regionMap().regions.first { $0.displayName == name }
    guard let region else { try Test.cancel("there is no \(name) here") }
    let error = failure { try process.readBytes(at: region.start, count: 8) }
    #expect(error?.code == "EFAULT")
    #expect(error?.message.contains("8 bytes at \(region.start)") == true)
  }

  @Test("secret memory")
  func secret() throws {
    let target = try Target("secretmem")
    guard target("secretmem").rawValue != 0 else {
      try Test.cancel("the kernel has no secret memory")
    }
    let process = try target.attach()
    #expect(failure { try process.readBytes(at: target("secretmem"), count: 8) }?.code == "EFAULT")
  }

  @Test("good items around bad ones in one scatter")
  func scatter() throws {
    let target = try Target("holes")
    let process = try target.attach()
    let stretch = Stretch(target, "holes")
    let items = (0..<1024).map { index in
      let isBad = index % 100 == 50
      let place =
        isBad ? stretch.gap.offset(by: Int64(index)) : stretch.start.offset(by: Int64(index * 8))
      return ScatterItem(address: place, element: .scalar(ScalarFormat(.u8)))
    }
    let result = try ScatterPlan(items, for: process).read(from: process)
    for index in 0..<1024 {
      if index % 100 == 50 {
        guard case .failure(let error) = result.outcome(at: index) else {
          Issue.record("item \(index) has a value")
          continue
        }
        #expect(error.address == items[index].address)
        #expect(result.scalar(at: index) == nil)
      } else {
        let expected = pattern((index * 8)..<(index * 8 + 1))[0]
        #expect(result.scalar(at: index) == .integer(Int64(expected)))
      }
    }
  }
}
