import CProcessVM
import MemoryModel
import RemoteMemory
import RemoteMemoryFixtures
import Testing

/// The cases of LTP's process_vm01, readv02, readv03 and writev02 and of gVisor's
/// process_vm_read_write, with the bad side isolated in each: local faults are ours alone to make,
/// remote ones are made while the local side is sound.
@Suite struct SystemCallTests {
  static func range(_ address: Address, _ count: Int) -> AddressRange {
    AddressRange(start: address, count: UInt64(count))
  }

  @Test("one page of our own")
  func sane() throws {
    let process = try RemoteProcess.attach(ProcessID(pvm_own_pid()))
    let page = pattern(0..<4096)
    try page.withUnsafeBytes { bytes in
      let place = Address(UInt64(UInt(bitPattern: bytes.baseAddress)))
      let (buffers, transfer) = try process.readVector(
        [Self.range(place, 4096)], localCounts: [4096])
      #expect(transfer == Transfer(requestedBytes: 4096, completedBytes: 4096))
      #expect(buffers == [page])
    }
  }

  @Test("flags other than 0", arguments: [UInt.max, 1, 2, UInt(Int32.max), 1 << 32])
  func flags(_ flags: UInt) {
    var byte: UInt8 = 1
    var span = withUnsafeMutablePointer(to: &byte) {
      pvm_span(address: UInt64(UInt(bitPattern: $0)), count: 1)
    }
    #expect(pvm_readv(pvm_own_pid(), &span, 1, &span, 1, flags) == -22)
    #expect(pvm_writev(pvm_own_pid(), &span, 1, &span, 1, flags) == -22)
    #expect(pvm_readv(pvm_own_pid(), &span, 1, &span, 1, 0) == 1)
  }

  @Test(
    "a remote address that is not mapped, alone",
    arguments: [0, 1, 1 << 47, 1 << 63, UInt64.max - 7, .max])
  func remoteFault(_ address: UInt64) throws {
    let target = try Target()
    let process = try target.attach()
    let error = failure {
      try process.readVector([Self.range(Address(address), 1)], localCounts: [16])
    }
    #expect(error?.code == "EFAULT")
    #expect(error?.errno == .badAddress)
    #expect(failure { try process.readBytes(at: Address(address), count: 16) }?.code == "EFAULT")
    #expect(
      failure { try process.writeVector([[1]], to: [Self.range(Address(address), 1)]) }?.code
        == "EFAULT")
    #expect(failure { try process.writeBytes([1, 2], at: Address(address)) }?.code == "EFAULT")
  }

  @Test("a remote page without any permission, alone")
  func remoteNoAccess() throws {
    let target = try Target("no-access")
    let process = try target.attach()
    let range = Self.range(target("no_access"), 8)
    #expect(failure { try process.readVector([range], localCounts: [8]) }?.code == "EFAULT")
    #expect(failure { try process.writeVector([[1]], to: [range]) }?.code == "EFAULT")
  }

  @Test("a number that names nobody", arguments: [Int32(0), -1, .min, 0x7fff_fff0])
  func nobody(_ number: Int32) {
    let error = failure { try RemoteProcess.attach(ProcessID(number)) }
    #expect(error?.code == (number > 0 ? "ESRCH" : "EINVAL"))
  }

  @Test("a zombie")
  func zombie() {
    let child = fixture_zombie()
    defer { fixture_end(child) }
    let error = failure { try RemoteProcess.attach(ProcessID(child)) }
    #expect(error?.cause == .zombie)
    #expect(error?.code == "ESRCH")
  }

  @Test("a kernel thread")
  func kernelThread() throws {
    guard let thread = try RemoteProcess.list().first(where: \.isKernelThread) else {
      try Test.cancel("there are no kernel threads in sight")
    }
    let error = failure { try RemoteProcess.attach(thread.id) }
    #expect(error?.cause == .kernelThread)
  }

  @Test("a thread's number works as its process's")
  func threadNumber() throws {
    let target = try Target("threads=2")
    let process = try RemoteProcess.attach(ProcessID(Int32(target("thread_1").rawValue)))
    #expect(process.id == target.id)
    #expect(try process.readScalar(ScalarFormat(.i32), at: target("health")) == .integer(100))
  }

  @Test(
    "local room and remote ranges of different size",
    arguments: [
      ([10], [20], 10), ([20], [10], 10), ([10, 10], [20], 20), ([1], [1], 1),
      ([3, 0, 4], [2, 0, 5], 7),
      ([], [8], 0), ([8], [], 0), ([0], [8], 0), ([8], [0], 0), ([], [], 0),
      ([1 << 20], [512], 512),
    ])
  func sizes(_ local: [Int], _ remote: [Int], _ expected: Int) throws {
    let target = try Target()
    let process = try target.attach()
    var place = target("scratch")
    var ranges: [AddressRange] = []
    for count in remote {
      ranges.append(Self.range(place, count))
      place = place.offset(by: Int64(count))
    }
    let (buffers, transfer) = try process.readVector(ranges, localCounts: local)
    #expect(transfer.completedBytes == expected)
    #expect(buffers.map(\.count) == local)
    #expect(Array(buffers.joined().prefix(expected)) == pattern(0..<expected))
    #expect(buffers.joined().dropFirst(expected).allSatisfy { $0 == 0 })
  }

  @Test("an element after the bad one is not tried")
  func stopsAtBadElement() throws {
    let target = try Target("holes")
    let process = try target.attach()
    let good = Self.range(target("scratch"), 100)
    let bad = Self.range(target("holes_gap"), 100)
    let (_, transfer) = try process.readVector([good, bad, good], localCounts: [300])
    #expect(transfer == Transfer(requestedBytes: 300, completedBytes: 100))
    #expect(failure { try process.readVector([bad, good], localCounts: [200]) }?.code == "EFAULT")
    let (_, half) = try process.readVector(
      [Self.range(target("holes_gap").offset(by: -60), 100), good], localCounts: [200])
    #expect(half.completedBytes == 60)
  }

  @Test("1024 elements a side and no more", arguments: [1024, 1025])
  func elements(_ count: Int) throws {
    let target = try Target()
    let process = try target.attach()
    let ranges = Array(repeating: Self.range(target("scratch"), 1), count: count)
    let counts = Array(repeating: 1, count: count)
    let attempts: [RemoteMemoryError?] = [
      failure { try process.readVector(ranges, localCounts: [count]) },
      failure {
        try process.readVector([Self.range(target("scratch"), count)], localCounts: counts)
      },
      failure { try process.writeVector([[UInt8](repeating: 0, count: count)], to: ranges) },
      failure { try process.writeVector(Array(repeating: [0], count: count), to: [ranges[0]]) },
    ]
    for error in attempts {
      #expect(error?.code == (count > 1024 ? "EINVAL" : nil))
      if let error { #expect(error.message.contains("IOV_MAX")) }
    }
  }

  @Test("impossible sizes", arguments: [-1, .min, .max, 1 << 62])
  func impossible(_ count: Int) throws {
    let target = try Target()
    let process = try target.attach()
    let range = Self.range(target("scratch"), 8)
    let expected = count < 0 ? "EINVAL" : "E2BIG"
    #expect(failure { try process.readVector([range], localCounts: [count]) }?.code == expected)
    #expect(
      failure { try process.readBytes(at: target("scratch"), count: count) }?.code == expected)
    #expect(
      failure { try process.readArray(ScalarFormat(.u64), at: .zero, count: count) }?.code
        == expected)
    #expect(failure { try process.readString(at: .zero, maximumBytes: count) }?.code == expected)
    #expect(failure { try process.hexdump(at: .zero, count: count) }?.code == expected)
    #expect(failure { try process.fill(at: .zero, count: count, with: [0]) }?.code == expected)
    #expect(failure { try process.copy(from: .zero, to: .zero, count: count) }?.code == expected)
    let item = ScatterItem(address: .zero, element: .array(ScalarFormat(.u64), count: count))
    #expect(failure { try ScatterPlan([item], for: process) }?.code == "EINVAL")
  }

  @Test("one child reads what another prepared")
  func siblings() throws {
    let target = try Target()
    let process = try target.attach()
    let name = try process.readString(at: target("name_utf8"), maximumBytes: 32)
    #expect(String(decoding: name.text, as: UTF8.self) == "Zoë Starfall")
    #expect(name.isTerminated)
  }

  @Test("100 000 bytes written and seen by the target")
  func large() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let bytes = [UInt8](repeating: UInt8(ascii: "w"), count: 100_000)
    let place = target("block").offset(by: 77)
    let transfer = try process.writeVector([bytes], to: [Self.range(place, bytes.count)])
    #expect(transfer.completedBytes == bytes.count)
    #expect(try target.ask("checksum \(place) \(bytes.count)") == "checksum \(fnv1a(bytes))")
  }

  @Test("32 MiB at once")
  func thirtyTwoMegabytes() throws {
    let target = try Target("block=32")
    let process = try target.attach()
    let bytes = try process.readBytes(at: target("block"), count: 32 << 20)
    #expect(
      "checksum \(fnv1a(bytes))" == (try target.ask("checksum \(target("block")) \(32 << 20)")))
  }
}

/// FNV-1a of 64 bits, as pvm-target's command `checksum` prints it.
func fnv1a(_ bytes: [UInt8]) -> String {
  "0x" + String(fixture_fnv1a(bytes, bytes.count), radix: 16)
}
