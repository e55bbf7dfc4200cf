public import MemoryModel

extension MemorySource {
  /// A struct, in one read.
  /// - Throws: `EFAULT` unless every byte of it can be read.
  public func readStruct(_ layout: StructLayout, at address: Address) throws(RemoteMemoryError)
    -> StructValue
  {
    let bytes = try readBytes(at: address, count: layout.byteCount(pointerWidth: pointerWidth))
    return layout.decode(bytes, pointerWidth: pointerWidth, targetOrder: byteOrder) ?? .record([])
  }

  /// Several structs that lie side by side, in one read.
  /// - Parameters:
  ///   - layout: what each looks like.
  ///   - address: the first byte of the first.
  ///   - count: how many.
  ///   - stride: bytes from one to the next; nil for the struct's size.
  public func readStructs(
    _ layout: StructLayout, at address: Address, count: Int, stride: Int? = nil
  ) throws(RemoteMemoryError) -> [StructValue] {
    let size = layout.byteCount(pointerWidth: pointerWidth)
    let step = stride ?? size
    guard count > 0 else {
      try checkCount(count, .read)
      return []
    }
    guard step >= 0 else {
      throw RemoteMemoryError(
        .read, .invalid, process: processID, detail: "a stride is at least 0, got \(step)")
    }
    let (gaps, overflow) = step.multipliedReportingOverflow(by: count - 1)
    let (total, carry) = gaps.addingReportingOverflow(size)
    try checkCount(overflow || carry ? .max : total, .read, at: address)
    let bytes = try readBytes(at: address, count: total)
    return unsafe bytes.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[(index * step)...])
        return unsafe layout.decode(part, pointerWidth: pointerWidth, targetOrder: byteOrder)
          ?? .record([])
      }
    }
  }

  /// Writes the given fields of a struct; the others, and the gaps, are not touched.
  ///
  /// Each run of neighbouring fields is written whole or not at all; when a later run fails, the
  /// earlier ones are put back.
  /// - Throws: `EINVAL` for values the layout does not take, before anything is written; and what
  ///   `write` throws.
  public func writeStruct(
    _ value: StructValue, as layout: StructLayout, at address: Address,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    let pieces: [StructLayout.Piece]
    do throws(StructLayoutError) {
      pieces = try layout.encode(value, pointerWidth: pointerWidth, targetOrder: byteOrder)
    } catch {
      throw RemoteMemoryError(
        .write, .invalid, process: processID, address: address, detail: "\(error)")
    }
    try write(pieces, at: address, options: options)
  }

  /// Writes several runs of bytes: all, or none.
  func writeAll(_ runs: [(address: Address, bytes: [UInt8])], options: WriteOptions)
    throws(RemoteMemoryError)
  {
    if runs.count < 2 {
      for run in runs { try writeBytes(run.bytes, at: run.address, options: options) }
      return
    }
    var old: [(address: Address, bytes: [UInt8])] = []
    for run in runs {
      old.append((run.address, try readBytes(at: run.address, count: run.bytes.count)))
    }
    for (index, run) in runs.enumerated() {
      do throws(RemoteMemoryError) {
        try writeBytes(run.bytes, at: run.address, options: options)
      } catch {
        throw putBack(old[..<index], after: error, options)
      }
    }
  }

  /// Writes old bytes again after a later write failed, and says in the error how that went.
  private func putBack(
    _ old: ArraySlice<(address: Address, bytes: [UInt8])>, after error: RemoteMemoryError,
    _ options: WriteOptions
  ) -> RemoteMemoryError {
    var error = error
    guard !old.isEmpty else { return error }
    let failed = old.count { run in
      (try? writeBytes(run.bytes, at: run.address, options: options)) == nil
    }
    error.detail +=
      failed == 0
      ? "; what was already written was put back"
      : "; \(failed) of \(old.count) parts already written could not be put back"
    return error
  }
}
