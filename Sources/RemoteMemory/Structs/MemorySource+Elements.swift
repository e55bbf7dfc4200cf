public import MemoryModel

extension MemorySource {
  /// What lies at an address, in one read: a value, an array, a struct.
  /// - Throws: `EFAULT` unless every byte of it can be read.
  public func readElement(
    _ element: StructLayout.Element, at address: Address
  ) throws(RemoteMemoryError) -> StructValue {
    let bytes = try readBytes(at: address, count: element.byteCount(pointerWidth))
    return decode(element, bytes)
  }

  /// What some bytes of this source are.
  public func decode(_ element: StructLayout.Element, _ bytes: [UInt8]) -> StructValue {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe element.decode(bytes, pointerWidth: pointerWidth, targetOrder: byteOrder)
        ?? .record([])
    }
  }

  /// Writes a value in the place of an element; what it leaves out is not touched.
  ///
  /// Bits are read, changed and written back with those beside them.
  /// - Returns: what was written where.
  /// - Throws: `EINVAL` for values the element does not take, before anything is written; and what
  ///   `write` throws.
  @discardableResult
  public func writeElement(
    _ value: StructValue, as element: StructLayout.Element, at address: Address,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> [StructLayout.Piece] {
    let pieces: [StructLayout.Piece]
    do throws(StructLayoutError) {
      pieces = try element.encode(value, pointerWidth: pointerWidth, targetOrder: byteOrder)
    } catch {
      throw RemoteMemoryError(
        .write, .invalid, process: processID, address: address, detail: "\(error)")
    }
    try write(pieces, at: address, options: options)
    return pieces
  }

  /// Writes pieces of a struct: all, or none.
  func write(
    _ pieces: [StructLayout.Piece], at address: Address, options: WriteOptions
  ) throws(RemoteMemoryError) {
    var runs: [(address: Address, bytes: [UInt8])] = []
    for piece in pieces {
      let place = address.offset(by: Int64(piece.offset))
      if piece.mask == nil {
        runs.append((place, piece.bytes))
      } else {
        let old = try readBytes(at: place, count: piece.bytes.count)
        runs.append((place, piece.bytes(over: old)))
      }
    }
    try writeAll(runs, options: options)
  }
}
