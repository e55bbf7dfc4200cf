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
    while bytes.count < count {
      let part = part(at: address &+ UInt64(bytes.count), limit: count - bytes.count)
      guard let found = part.bytes else { return nil }
      bytes += found
    }
    return bytes
  }

  /// The longest part from an address that can be read in one piece, or that cannot be read at
  /// all: its bytes, if any, and how many they are, up to a limit above zero.
  private func part(at address: UInt64, limit: Int) -> (bytes: ArraySlice<UInt8>?, count: Int) {
    var count = UInt64(limit)
    if count - 1 > .max - address { count = .max - address + 1 }
    var isHole = false
    for hole in holes {
      if hole.contains(Address(address)) {
        isHole = true
        count = min(count, hole.count - (address - hole.start.rawValue))
      } else if hole.start.rawValue > address {
        count = min(count, hole.start.rawValue - address)
      }
    }
    if isHole { return (nil, Int(count)) }
    for stretch in stretches {
      if stretch.start > address {
        count = min(count, stretch.start - address)
      } else if address - stretch.start < UInt64(stretch.bytes.count) {
        let first = Int(address - stretch.start)
        let end = min(first + Int(count), stretch.bytes.count)
        return (stretch.bytes[first..<end], end - first)
      }
    }
    return (nil, Int(count))
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    var done = 0
    while done < buffer.count {
      let part = part(at: address.rawValue &+ UInt64(done), limit: buffer.count - done)
      guard let bytes = part.bytes else { break }
      buffer[done...].copyBytes(from: bytes)
      done += part.count
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
      var inside = 0
      while inside < Int(span.count) {
        let address = span.start.rawValue &+ UInt64(inside)
        let part = part(at: address, limit: Int(span.count) - inside)
        if let bytes = part.bytes {
          buffer[offset...].copyBytes(from: bytes)
        } else if let last = list.last, last.offset + last.count == offset, inside > 0 {
          list[list.count - 1] = Hole(
            offset: last.offset, count: last.count + part.count, address: last.address)
        } else {
          list.append(Hole(offset: offset, count: part.count, address: Address(address)))
        }
        offset += part.count
        inside += part.count
      }
    }
    return list
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
