import CProcessVM
import MemoryModel
import Synchronization

@testable import RemoteMemory

/// Memory that lies in an array: regions and holes as a test wants them, and changes between reads.
final class BufferSource: MemorySource, @unchecked Sendable {
  let pointerWidth: PointerWidth
  let byteOrder = ByteOrder.host
  let label = "a buffer"
  let processID: ProcessID? = nil
  let limits = TransferLimits.standard
  let interrupt: InterruptCheck
  let statistics = TransferStatistics()

  /// Where each stretch begins, and what it holds; rising.
  var stretches: [(start: UInt64, bytes: [UInt8])]
  /// What is mapped, where that is not what there is.
  var regions: [Region]?
  /// Ranges that cannot be read.
  var holes: [AddressRange]
  /// How often ranges were gathered.
  let gathers = Atomic(0)
  /// Called before each gathering, with its number from 1, on the thread that gathers.
  var onGather: (@Sendable (Int) throws(RemoteMemoryError) -> Void)?

  init(
    _ stretches: [(start: UInt64, bytes: [UInt8])], holes: [AddressRange] = [],
    pointerWidth: PointerWidth = .eight, interrupt: InterruptCheck = .never
  ) {
    self.stretches = stretches
    self.holes = holes
    self.pointerWidth = pointerWidth
    self.interrupt = interrupt
  }

  func regionMap() throws(RemoteMemoryError) -> RegionMap {
    if let regions { return RegionMap(regions) }
    return RegionMap(
      stretches.map {
        Region(
          range: AddressRange(start: Address($0.start), count: UInt64($0.bytes.count)),
          permissions: [.read, .write])
      })
  }

  /// The byte at an address; nil in a hole and where nothing lies.
  func byte(at address: UInt64) -> UInt8? {
    if holes.contains(where: { $0.contains(Address(address)) }) { return nil }
    for stretch in stretches where address >= stretch.start {
      let offset = address - stretch.start
      if offset < UInt64(stretch.bytes.count) { return stretch.bytes[Int(offset)] }
    }
    return nil
  }

  /// So many bytes from an address; nil unless all can be read.
  func bytes(at address: UInt64, _ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    for offset in 0..<UInt64(count) {
      guard let byte = byte(at: address &+ offset) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    var done = 0
    while done < buffer.count, let byte = byte(at: address.rawValue &+ UInt64(done)) {
      buffer[done] = byte
      done += 1
    }
    return Transfer(requestedBytes: buffer.count, completedBytes: done)
  }

  func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    let number = gathers.wrappingAdd(1, ordering: .relaxed).newValue
    try onGather?(number)
    var list: [Hole] = []
    var offset = 0
    for span in spans {
      if let bytes = whole(span) {
        bytes.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: $0)
        }
        offset += bytes.count
        continue
      }
      var inside: UInt64 = 0
      while inside < span.count {
        let address = span.start.rawValue &+ inside
        if let byte = byte(at: address) {
          buffer[offset] = byte
        } else if let last = list.last, last.offset + last.count == offset, inside > 0 {
          list[list.count - 1] = Hole(
            offset: last.offset, count: last.count + 1, address: last.address)
        } else {
          list.append(Hole(offset: offset, count: 1, address: Address(address)))
        }
        offset += 1
        inside += 1
      }
    }
    return list
  }

  /// The bytes of a range that lies in one stretch without a hole.
  private func whole(_ span: AddressRange) -> ArraySlice<UInt8>? {
    if holes.contains(where: { $0.overlaps(span) }) { return nil }
    for stretch in stretches where span.start.rawValue >= stretch.start {
      let first = span.start.rawValue - stretch.start
      let count = UInt64(stretch.bytes.count)
      guard first < count, span.count <= count - first else { continue }
      return stretch.bytes[Int(first)..<Int(first + span.count)]
    }
    return nil
  }

  func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
    throws(RemoteMemoryError)
  {
    for index in stretches.indices where address.rawValue >= stretches[index].start {
      let offset = Int(address.rawValue - stretches[index].start)
      guard offset + bytes.count <= stretches[index].bytes.count else { continue }
      stretches[index].bytes.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
      return
    }
    throw fault(.write, at: address, requestedBytes: bytes.count, completedBytes: 0)
  }

  func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .fault, address: address, requestedBytes: requestedBytes,
      completedBytes: completedBytes, errno: .badAddress)
  }
}
