public import MemoryModel

extension CoreFile {
  /// Copies one range, up to the first byte the core does not hold; corresponds to pread(2).
  public func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    var done = 0
    while done < buffer.count, let place = address.adding(UInt64(done)) {
      let (count, isHole) = unsafe step(
        UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: place)
      if isHole { break }
      done += count
      try checkInterrupt(at: address, buffer.count, done)
    }
    return Transfer(requestedBytes: buffer.count, completedBytes: done)
  }

  /// Copies many ranges into `buffer`, one behind the other, and goes on after what the core does not
  /// hold.
  public func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    var holes: [Hole] = []
    var position = 0
    for index in spans.indices {
      let span = unsafe spans[index]
      let end = min(buffer.count, position + Int(clamping: span.count))
      let start = position
      while position < end {
        let address = span.start.offset(by: Int64(position - start))
        let (count, isHole) = unsafe step(
          UnsafeMutableRawBufferPointer(rebasing: buffer[position..<end]), at: address)
        if isHole { Self.note(&holes, position, count, address, from: start) }
        position += count
        try checkInterrupt(at: span.start, buffer.count, position)
      }
    }
    return holes
  }

  /// Adds a hole, or makes the last one longer when it is of the same range and touches it.
  private static func note(
    _ holes: inout [Hole], _ offset: Int, _ count: Int, _ address: Address, from start: Int
  ) {
    if let last = holes.last, last.offset >= start, last.offset + last.count == offset {
      holes[holes.count - 1] = Hole(
        offset: last.offset, count: last.count + count, address: last.address)
    } else {
      holes.append(Hole(offset: offset, count: count, address: address))
    }
  }

  /// Copies what one piece holds of the bytes from `address` on, at most `limits.bytes`, or finds out
  /// how many of them cannot be read. At least 1 in either case.
  private func step(
    _ room: UnsafeMutableRawBufferPointer, at address: Address
  ) -> (count: Int, isHole: Bool) {
    let index = memory.firstIndex(endingAbove: address)
    guard index < memory.pieces.count else { return (room.count, true) }
    let piece = memory.pieces[index]
    if piece.range.start > address {
      let distance = piece.range.start.rawValue &- address.rawValue
      return (min(room.count, Int(clamping: distance)), true)
    }
    let skip = address.rawValue &- piece.range.start.rawValue
    let rest = min(room.count, Int(clamping: piece.range.count &- skip))
    let count = min(rest, limits.bytes)
    switch piece.place {
    case .core(let offset):
      return unsafe copy(room[..<count], descriptor.value, offset &+ skip, rest)
    case .file(let descriptor, let offset):
      return unsafe copy(room[..<count], descriptor, offset &+ skip, rest)
    case .zeroes:
      unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<count]).clear()
      return (count, false)
    case .nowhere: return (rest, true)
    }
  }

  /// Copies bytes of a file; where it ends before them they are a hole.
  private func copy(
    _ room: Slice<UnsafeMutableRawBufferPointer>, _ descriptor: Int32, _ offset: UInt64, _ rest: Int
  ) -> (count: Int, isHole: Bool) {
    let copied = unsafe System.preadAll(descriptor, room, offset)
    counters.countRead(copied)
    return copied > 0 ? (copied, false) : (rest, true)
  }

  private func checkInterrupt(
    at address: Address, _ requested: Int, _ done: Int
  ) throws(RemoteMemoryError) {
    guard done < requested, interrupt.isInterrupted else { return }
    throw RemoteMemoryError(.read, .interrupted, address: address, requestedBytes: requested)
  }

  /// An error for bytes that could not be read, which says why the core does not hold them.
  public func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .fault, address: address, requestedBytes: requestedBytes,
      completedBytes: completedBytes, errno: .badAddress, detail: surroundings(of: address))
  }

  private func surroundings(of address: Address) -> String {
    guard let region = map.region(containing: address) else {
      guard address.rawValue > 0,
        let below = map.region(containing: address.offset(by: -1))
      else { return "not mapped" }
      return "not mapped, past the end of \(below.messageName)"
    }
    let place = "in \(region.messageName) \(region.permissions)"
    switch memory.piece(at: address)?.place {
    case .nowhere(.file(let file))?: return "\(place), which is not in the core; \(file)"
    case .nowhere(.truncated)?:
      return "\(place), which is not in the core any more: it was cut off at \(fileByteCount) bytes"
    default: return "\(place), which is not in the core"
    }
  }
}
