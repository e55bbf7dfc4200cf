import MemoryModel

@testable import RemoteMemory

/// Captured memory of single pages with a page between them, of any width and byte order.
final class SmallMemory: CapturedMemory, @unchecked Sendable {
  let pointerWidth: PointerWidth
  let byteOrder: ByteOrder
  let label = "a small memory"
  let processID: ProcessID? = nil
  let limits = TransferLimits.standard
  let interrupt = InterruptCheck.never
  let statistics = TransferStatistics()
  let captureTime: Double? = 1_700_000_000.5
  let start = Address(0x10_0000)
  let pages: Int
  var notes: ProcessNotes

  init(pages: Int = 3, _ format: ELFFormat = ELFFormat(pointerWidth: .eight, byteOrder: .little)) {
    self.pages = pages
    pointerWidth = format.pointerWidth
    byteOrder = format.byteOrder
    let machine =
      format.is64Bit
      ? (format.byteOrder == .little ? "x86_64" : "s390x")
      : (format.byteOrder == .little ? "i386" : "ppc")
    notes = ProcessNotes(
      id: ProcessID(4711), parent: ProcessID(1), userID: 1000, groupID: 100,
      nameBytes: Array("small".utf8), argumentBytes: Array("small --pages".utf8),
      auxiliaryVector: [], machine: machine,
      threads: [
        ThreadNote(
          id: ProcessID(4711), registers: [UInt8](repeating: 7, count: 64),
          floatRegisters: [1, 2, 3, 4]),
        ThreadNote(id: ProcessID(4712)),
      ])
  }

  private static let template = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 1) }

  /// What a page holds: the same but for its first two bytes.
  func page(_ index: Int) -> [UInt8] {
    var page = Self.template
    page[0] = UInt8(truncatingIfNeeded: index &+ 1)
    page[1] = UInt8(truncatingIfNeeded: index >> 8)
    return page
  }

  func address(_ index: Int) -> Address { start.offset(by: Int64(index) * 8192) }

  func regionMap() throws(RemoteMemoryError) -> RegionMap {
    RegionMap(
      (0..<pages).map {
        Region(
          range: AddressRange(start: address($0), count: 4096), permissions: [.read, .write],
          nameBytes: $0 == 0 ? Array("/tmp/a file".utf8) : [])
      })
  }

  var captured: [AddressRange] {
    (0..<pages).map { AddressRange(start: address($0), count: 4096) }
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    let distance = address.rawValue &- start.rawValue
    let (index, skip) = (Int(distance / 8192), Int(distance % 8192))
    guard index < pages, skip < 4096 else {
      return Transfer(requestedBytes: buffer.count, completedBytes: 0)
    }
    let part = page(index)[skip...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    return Transfer(requestedBytes: buffer.count, completedBytes: part.count)
  }

  func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    var holes: [Hole] = []
    var position = 0
    for span in spans {
      let count = Int(span.count)
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[position..<(position + count)])
      let done = try read(room, from: span.start).completedBytes
      if done < count {
        holes.append(
          Hole(
            offset: position + done, count: count - done,
            address: span.start.offset(by: Int64(done))))
      }
      position += count
    }
    return holes
  }

  func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
    throws(RemoteMemoryError)
  { throw RemoteMemoryError(.write, .readOnly) }

  func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(operation, .fault, address: address)
  }
}
