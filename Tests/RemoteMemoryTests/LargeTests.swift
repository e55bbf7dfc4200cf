import MemoryModel
import RemoteMemory
import Testing

/// Requests beyond what one system call takes.
@Suite struct LargeTests {
  @Test("5000 places at once")
  func manyPlaces() throws {
    let target = try Target("block=32")
    let process = try target.attach()
    let items = (0..<5000).map {
      ScatterItem(address: target("block").offset(by: Int64($0 * 6001)), element: .bytes(count: 3))
    }
    let before = process.statistics
    let result = try ScatterPlan(items, for: process).read(from: process)
    let used = process.statistics - before
    #expect(used.systemCalls <= 8)
    for index in 0..<5000 {
      guard case .bytes(let bytes) = result.outcome(at: index) else {
        Issue.record("item \(index) could not be read")
        return
      }
      #expect(bytes == pattern((index * 6001)..<(index * 6001 + 3)))
    }
  }

  @Test("more than the 2 GiB of one call, in sparse memory")
  func moreThanTwoGigabytes() throws {
    let target = try Target("reservation=4")
    let process = try target.attach()
    let far: Int64 = 3 << 30
    try process.writeBytes([1, 2, 3], at: target("reservation").offset(by: far))
    let span = AddressRange(
      start: target("reservation").offset(by: far - (1 << 20)), count: 1 << 21)
    let bytes = try process.readBytes(at: span.start, count: Int(span.count))
    #expect(bytes[(1 << 20)..<((1 << 20) + 4)] == [1, 2, 3, 0])
    // The compared ranges are longer than one call moves; both are zero up to the bytes written.
    let difference = try process.compare(
      target("reservation"), with: target("reservation").offset(by: far - (64 << 20)),
      count: 128 << 20)
    #expect(difference == 64 << 20)
  }

  @Test("a long operation stops when asked to")
  func interrupted() throws {
    let target = try Target("block=32")
    let check = InterruptCheck { true }
    let process = try target.attach(AttachOptions(interrupt: check))
    let error = failure { try process.readBytes(at: target("block"), count: 32 << 20) }
    #expect(error?.code == "EINTERRUPTED")
    #expect(
      failure { try process.compare(target("block"), with: target("block"), count: 32 << 20) }?.code
        == "EINTERRUPTED")
    #expect(try process.readBytes(at: target("block"), count: 4) == pattern(0..<4))
    #expect(
      failure {
        try RemoteProcess.wait(
          for: ProcessQuery(name: "no such name"), seconds: nil,
          options: AttachOptions(interrupt: check))
      }?.code == "EINTERRUPTED")
  }
}
