import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// A write that cannot be whole leaves every byte as it was.
@Suite struct WriteTests {
  /// The layout, its area, and its size.
  static let refusing = [
    ("read-only", "read_only"), ("read-exec", "read_exec"), ("exec-only", "exec_only"),
    ("no-access", "no_access"),
  ]

  @Test("pages the target cannot write are left alone", arguments: refusing)
  func refuses(_ layout: String, _ key: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let before = try target.ask("checksum \(target(key)) 4096")
    let error = failure { try process.writeBytes([1, 2, 3, 4], at: target(key).offset(by: 100)) }
    #expect(error?.code == "EFAULT")
    #expect(error?.cause == .notWritable)
    #expect(error?.message.contains("not writable") == true)
    #expect(try target.ask("checksum \(target(key)) 4096") == before)
    #expect(before.hasPrefix("checksum 0x"))
  }

  @Test("code is not patched by an ordinary write")
  func code() throws {
    let target = try Target()
    let process = try target.attach()
    let old = try process.readBytes(at: target("take_damage_sub"), count: 2)
    #expect(
      failure { try process.writeBytes([0x90, 0x90], at: target("take_damage_sub")) }?.code
        == "EFAULT")
    #expect(try process.readBytes(at: target("take_damage_sub"), count: 2) == old)
  }

  @Test("a range that is half writable is not half written", arguments: [1, 7, 4096])
  func half(_ inside: Int) throws {
    let target = try Target("writable-then-read-only")
    let process = try target.attach()
    let boundary = target("edge_ro_boundary")
    let before = try target.ask("checksum \(target("edge_ro")) 8192")
    let start = boundary.offset(by: Int64(-inside))
    let error = failure {
      try process.writeBytes([UInt8](repeating: 0xAA, count: inside + 1), at: start)
    }
    #expect(error?.code == "EFAULT")
    #expect(error?.address == boundary)
    #expect(error?.start == start)
    #expect(error?.completedBytes == 0)
    #expect(try target.ask("checksum \(target("edge_ro")) 8192") == before)
  }

  @Test(
    "a range that runs into a hole is not half written",
    arguments: [("holes", "holes"), ("guard", "guard")])
  func intoHole(_ layout: String, _ key: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    let gap = target("\(key)_gap")
    let old = try process.readBytes(at: gap.offset(by: -4096), count: 4096)
    let start = gap.offset(by: -5000)
    let error = failure { try process.writeBytes([UInt8](repeating: 0xAA, count: 6000), at: start) }
    #expect(error?.code == "EFAULT")
    #expect(try process.readBytes(at: gap.offset(by: -4096), count: 4096) == old)
    #expect(error?.completedBytes == 0)
  }

  @Test("a page that can be written but not read takes a write")
  func writeOnly() throws {
    let target = try Target("write-only")
    let process = try target.attach()
    try process.writeBytes([9, 8, 7], at: target("write_only"))
    let expected = [9, 8, 7] + pattern(3..<4096)
    #expect(
      try target.ask("checksum \(target("write_only")) 4096") == "checksum \(fnv1a(expected))")
  }

  @Test("a file mapped for sharing is written only when allowed")
  func sharedFile() throws {
    let target = try Target("shared-file")
    let process = try target.attach()
    let path = try #require(target.texts["shared_file_path"])
    let error = failure { try process.writeBytes([1], at: target("shared_file")) }
    #expect(error?.code == "ESHARED")
    #expect(error?.message.contains(path) == true)
    #expect(
      failure {
        try process.writeVector([[1]], to: [AddressRange(start: target("shared_file"), count: 1)])
      }?.code == "ESHARED")
    #expect(try process.readBytes(at: target("shared_file"), count: 1) == pattern(0..<1))
    try process.writeBytes(
      [0xEE], at: target("shared_file"), options: WriteOptions(sharedFile: true))
    #expect(try process.readBytes(at: target("shared_file"), count: 1) == [0xEE])
  }

  @Test(
    "memory that is shared but no file on disk, and private files, take writes",
    arguments: [
      ("shared-anon", "shared_anon"), ("memfd", "memfd"), ("private-file", "private_file"),
    ])
  func notAFile(_ layout: String, _ key: String) throws {
    let target = try Target(layout)
    let process = try target.attach()
    try process.writeBytes([0xEE, 0xDD], at: target(key).offset(by: 4095))
    #expect(try process.readBytes(at: target(key).offset(by: 4095), count: 2) == [0xEE, 0xDD])
  }

  @Test("a session for reading only refuses every way to write")
  func readOnly() throws {
    let target = try Target()
    let process = try target.attach(AttachOptions(mode: .readOnly))
    let place = target("scratch")
    let plan = try ScatterPlan(
      [ScatterItem(address: place, element: .scalar(ScalarFormat(.u8)))], for: process)
    let layout = try StructLayout(fields: [
      .init(key: .name("a"), element: .scalar(ScalarFormat(.u8)))
    ])
    let attempts: [RemoteMemoryError?] = [
      failure { try process.writeBytes([1], at: place) },
      failure { try process.writeBytes([], at: place) },
      failure { try process.writeScalar(.integer(1), as: ScalarFormat(.u8), at: place) },
      failure { try process.writeArray([.integer(1)], as: ScalarFormat(.u8), at: place) },
      failure { try process.writeString([65], at: place) },
      failure { try process.writeVector([[1]], to: [AddressRange(start: place, count: 1)]) },
      failure { try process.writeVector([], to: []) },
      failure { try process.pack([.integer(1)], as: PackFormat(parsing: "b"), at: place) },
      failure {
        try process.writeStruct(
          .record([.init(key: .name("a"), value: .scalar(.integer(1)))]), as: layout, at: place)
      },
      failure { try process.copy(from: place, to: place.offset(by: 8), count: 4) },
      failure { try process.fill(at: place, count: 4, with: [1]) },
      failure { try plan.write([(0, .scalar(.integer(1)))], to: process) },
    ]
    for (index, error) in attempts.enumerated() {
      #expect(error?.code == "EREADONLY", "attempt \(index)")
    }
    #expect(try process.readBytes(at: place, count: 64) == pattern(0..<64))
  }

  @Test("a value that does not fit is refused before anything is written")
  func range() throws {
    let target = try Target()
    let process = try target.attach()
    let place = target("scratch")
    #expect(
      failure { try process.writeScalar(.integer(256), as: ScalarFormat(.u8), at: place) }?.code
        == "ERANGE")
    let error = failure {
      try process.writeArray([.integer(1), .integer(300)], as: ScalarFormat(.u8), at: place)
    }
    #expect(error?.code == "ERANGE")
    #expect(error?.message.contains("value 2") == true)
    #expect(try process.readBytes(at: place, count: 2) == pattern(0..<2))
  }

  @Test("a write that the kernel stops half way is taken back", arguments: [64, 8 << 20])
  func rollBack(_ block: Int) throws {
    let target = try Target()
    var options = AttachOptions(limits: TransferLimits(bytes: block))
    let stop = target("scratch").rawValue + 5000
    options.writeStop = { address, count in min(count, Int(stop &- min(address, stop))) }
    let process = try target.attach(options)
    let error = failure {
      try process.writeBytes([UInt8](repeating: 0xAA, count: 9000), at: target("scratch"))
    }
    #expect(error?.code == "EFAULT")
    #expect(error?.address == Address(stop))
    #expect(error?.start == target("scratch"))
    #expect(error?.completedBytes == 0)
    #expect(error?.message.contains("the 5000 bytes already written were put back") == true)
    #expect(try process.readBytes(at: target("scratch"), count: 9000) == pattern(0..<9000))
  }

  @Test("what cannot be put back is said")
  func rollBackFails() throws {
    let target = try Target()
    var options = AttachOptions()
    let calls = Counter()
    options.writeStop = { _, count in calls.next() == 1 ? 5000 : min(count, 1000) }
    let process = try target.attach(options)
    let error = failure {
      try process.writeBytes([UInt8](repeating: 0xAA, count: 9000), at: target("scratch"))
    }
    #expect(error?.completedBytes == 4000)
    #expect(
      error?.message.contains("of 5000 bytes already written only 1000 were put back") == true)
    let left = try process.readBytes(at: target("scratch"), count: 9000)
    #expect(left[..<1000] == pattern(0..<1000)[...])
    #expect(left[1000..<5000].allSatisfy { $0 == 0xAA })
    #expect(left[5000...] == pattern(0..<9000)[5000...])
  }

  /// Counts from 1, on any thread.
  final class Counter: Sendable {
    private let value = Atomic(0)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
  }

  @Test("many pages are written whole")
  func manyPages() throws {
    let target = try Target()
    let limits = TransferLimits(elements: 4, bytes: 64)
    let process = try target.attach(AttachOptions(limits: limits))
    let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try process.writeBytes(bytes, at: target("scratch").offset(by: 33))
    #expect(try process.readBytes(at: target("scratch").offset(by: 33), count: 20_000) == bytes)
    #expect(try process.readBytes(at: target("scratch"), count: 33) == pattern(0..<33))
    #expect(
      try process.readBytes(at: target("scratch").offset(by: 20_033), count: 33)
        == pattern(20_033..<20_066))
  }

  @Test("a range that would pass the end of all addresses")
  func wraps() throws {
    let target = try Target()
    let process = try target.attach()
    #expect(
      failure { try process.writeBytes([1, 2, 3, 4], at: Address(.max - 1)) }?.code == "EFAULT")
    #expect(failure { try process.readBytes(at: Address(.max - 1), count: 4) }?.code == "EFAULT")
    #expect(
      try process.readSparse(at: Address(.max - 1), count: 4).holes.reduce(0) { $0 + $1.count } == 4
    )
  }
}
