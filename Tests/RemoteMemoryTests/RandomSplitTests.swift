import CProcessVM
import MemoryModel
import RemoteMemory
import RemoteMemoryFixtures
import Testing

/// A small generator with a fixed start, so that a failure can be seen again.
struct Xorshift: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Requests split at random, checked against a model that moves one byte at a time.
@Suite struct RandomSplitTests {
  /// Local and remote element counts of LTP's process_vm_readv03, for 1 KB and 128 KB.
  static let shapes = [
    (1024, 8), (512, 16), (256, 32), (128, 64), (64, 128), (32, 256), (16, 512), (8, 1024),
  ]

  /// `count` pieces that add up to `total`.
  static func split(_ total: Int, into count: Int, _ random: inout Xorshift) -> [Int] {
    let cuts = (0..<(count - 1)).map { _ in Int.random(in: 0...total, using: &random) }.sorted()
    return zip([0] + cuts, cuts + [total]).map { $1 - $0 }
  }

  @Test(
    "every byte arrives, however both sides are split", arguments: shapes, [1 << 10, 128 << 10])
  func readv(_ shape: (Int, Int), _ total: Int) throws {
    let target = try Target("block=1")
    let process = try target.attach()
    var random = Xorshift(UInt64(shape.0 + total))
    var place = target("block")
    let remote = Self.split(total, into: shape.0, &random).map { count in
      defer { place = place.offset(by: Int64(count)) }
      return AddressRange(start: place, count: UInt64(count))
    }
    let local = Self.split(total, into: shape.1, &random)
    let (buffers, transfer) = try process.readVector(
      remote.shuffled(using: &random), localCounts: local)
    #expect(transfer.completedBytes == total)
    #expect(buffers.map(\.count) == local)
    let straight = try process.readVector(remote, localCounts: local).buffers
    #expect(Array(straight.joined()) == pattern(0..<total))
  }

  /// The area of three pages with a hole in the middle and its neighbours, a byte at a time; nil
  /// cannot be read.
  struct Model {
    let start: Address
    let bytes: [UInt8?]
    subscript(address: Address) -> UInt8? {
      let offset = start.distance(to: address)
      return offset >= 0 && offset < bytes.count ? bytes[Int(offset)] : nil
    }

    init(_ target: Target) {
      start = target("holes")
      let gap = Int(start.distance(to: target("holes_gap")))
      bytes = pattern(0..<Int(target("holes_bytes").rawValue)).enumerated().map { index, byte in
        index >= gap && index < gap + 4096 ? nil : byte
      }
    }

    func random(_ generator: inout Xorshift) -> Address {
      let offset =
        Bool.random(using: &generator)
        ? Int.random(in: 0..<bytes.count, using: &generator)
        : Int.random(in: 4090...4102, using: &generator) * Int.random(in: 3...5, using: &generator)
      return start.offset(by: Int64(min(offset, bytes.count - 40)))
    }
  }

  static let limits = [
    TransferLimits.standard, TransferLimits(elements: 4, bytes: 64, smallRead: 0, mergeGap: 0),
    TransferLimits(elements: 4, bytes: 64, smallRead: 16, mergeGap: 100),
    TransferLimits(elements: 1, bytes: 1, smallRead: 0, mergeGap: 3),
    TransferLimits(elements: 1024, bytes: 4096, smallRead: 4096, mergeGap: 8192),
  ]

  @Test("scatter agrees with the model whatever the limits", arguments: limits)
  func scatter(_ limits: TransferLimits) throws {
    let target = try Target("holes")
    let process = try target.attach(AttachOptions(limits: limits))
    let model = Model(target)
    var random = Xorshift(42)
    for _ in 0..<20 {
      let items = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        ScatterItem(
          address: model.random(&random),
          element: .bytes(count: .random(in: 0...40, using: &random)))
      }
      let result = try ScatterPlan(items, for: process).read(from: process)
      for (index, item) in items.enumerated() {
        guard case .bytes(let count) = item.element else { continue }
        let wanted = (0..<count).map { model[item.address.offset(by: Int64($0))] }
        switch result.outcome(at: index) {
        case .bytes(let bytes): #expect(bytes.map { Optional($0) } == wanted)
        case .failure(let error):
          #expect(error.completedBytes == wanted.firstIndex(of: nil))
          #expect(error.address == item.address.offset(by: Int64(error.completedBytes)))
        default: Issue.record("an outcome of another kind")
        }
      }
    }
  }

  @Test("a read agrees with the model whatever the limits", arguments: limits)
  func read(_ limits: TransferLimits) throws {
    let target = try Target("holes")
    let process = try target.attach(AttachOptions(limits: limits))
    let model = Model(target)
    var random = Xorshift(7)
    for _ in 0..<200 {
      let place = model.random(&random)
      let room = model.bytes.count - Int(model.start.distance(to: place))
      let count = min(room, .random(in: 0...9000, using: &random))
      let wanted = (0..<count).map { model[place.offset(by: Int64($0))] }
      let part = try process.readPartial(at: place, count: count)
      let isRight = part.bytes == wanted.prefix { $0 != nil }.compactMap { $0 }
      #expect(isRight, "\(count) bytes at \(place)")
      #expect((part.error == nil) == (part.bytes.count == count))
    }
  }

  @Test("writing by vectors does what the system call does")
  func writev() throws {
    let target = try Target("holes", "writable-then-read-only")
    let process = try target.attach()
    var random = Xorshift(99)
    let bases = [
      target("scratch"), target("edge_ro"), target("holes_gap").offset(by: -4096),
      target("edge_ro_boundary").offset(by: -8),
    ]
    for round in 0..<60 {
      let remote = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        let base = bases.randomElement(using: &random) ?? .zero
        return AddressRange(
          start: base.offset(by: .random(in: 0...4000, using: &random)),
          count: .random(in: 0...300, using: &random))
      }
      let local = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (0..<Int.random(in: 0...300, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      }
      let before = try snapshot(process, target)
      let ours = failure { try process.writeVector(local, to: remote) }
      let oursCount = try? process.writeVector(local, to: remote).completedBytes
      let afterOurs = try snapshot(process, target)
      try restore(before, process, target)
      let theirs = kernelWritev(target.id, local, remote)
      let afterTheirs = try snapshot(process, target)
      #expect(afterOurs == afterTheirs, "round \(round)")
      #expect(theirs == (oursCount ?? -14), "round \(round)")
      #expect((ours?.code == "EFAULT") == (theirs == -14), "round \(round)")
    }
  }

  private func snapshot(_ process: RemoteProcess, _ target: Target) throws -> [[UInt8]] {
    [
      try process.readBytes(at: target("scratch"), count: 8192),
      try process.readBytes(at: target("edge_ro"), count: 8192),
      try process.readBytes(at: target("holes"), count: 4 * 4096),
    ]
  }

  private func restore(_ bytes: [[UInt8]], _ process: RemoteProcess, _ target: Target) throws {
    try process.writeBytes(bytes[0], at: target("scratch"))
    try process.writeBytes(Array(bytes[1][..<4096]), at: target("edge_ro"))
    try process.writeBytes(bytes[2], at: target("holes"))
  }

  private func kernelWritev(_ id: ProcessID, _ local: [[UInt8]], _ remote: [AddressRange]) -> Int {
    let joined = Array(local.joined())
    return joined.withUnsafeBytes { bytes in
      var place = UInt64(UInt(bitPattern: bytes.baseAddress))
      var spans: [pvm_span] = []
      for part in local {
        spans.append(pvm_span(address: place, count: UInt64(part.count)))
        place += UInt64(part.count)
      }
      return remote.withUnsafeBytes { remote in
        fixture_writev(
          id.rawValue, spans, UInt(spans.count), remote.baseAddress, UInt(remote.count / 16), 0)
      }
    }
  }

  @Test("a range is laid out as the kernel's iovec")
  func layout() {
    #expect(MemoryLayout<AddressRange>.size == MemoryLayout<pvm_span>.size)
    #expect(MemoryLayout<AddressRange>.stride == 16)
    let range = AddressRange(start: Address(0x1122), count: 0x33)
    withUnsafeBytes(of: range) { bytes in
      #expect(bytes.load(as: UInt64.self) == 0x1122)
      #expect(bytes.load(fromByteOffset: 8, as: UInt64.self) == 0x33)
    }
  }
}
