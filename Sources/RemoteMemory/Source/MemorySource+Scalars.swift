public import MemoryModel

extension MemorySource {
  /// One value of a type; for a live process one system call and no allocation.
  /// - Parameters:
  ///   - format: its type; width of pointers and byte order are the source's where the type leaves
  ///     them open.
  ///   - address: its first byte; any alignment.
  /// - Throws: `EFAULT` unless every byte of it can be read.
  @inlinable
  public func readScalar(_ format: ScalarFormat, at address: Address) throws(RemoteMemoryError)
    -> ScalarValue
  {
    let width = pointerWidth
    var word: UInt64 = 0
    let count = format.byteCount(pointerWidth: width)
    return try unsafe withUnsafeMutableBytes(of: &word) { bytes throws(RemoteMemoryError) in
      let room = unsafe UnsafeMutableRawBufferPointer(start: bytes.baseAddress, count: count)
      try unsafe readExactly(room, from: address)
      let value = unsafe format.decode(
        UnsafeRawBufferPointer(room), pointerWidth: width, targetOrder: byteOrder)
      return value ?? .integer(0)
    }
  }

  /// Writes one value of a type.
  /// - Throws: `ERANGE` when the value does not fit the type, and what `write` throws.
  public func writeScalar(
    _ value: ScalarValue, as format: ScalarFormat, at address: Address,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    var word: UInt64 = 0
    try unsafe withUnsafeMutableBytes(of: &word) { bytes throws(RemoteMemoryError) in
      do throws(ScalarRangeError) {
        try unsafe format.encode(
          value, into: bytes, pointerWidth: pointerWidth, targetOrder: byteOrder)
      } catch {
        throw rangeError(error, at: address)
      }
      let count = format.byteCount(pointerWidth: pointerWidth)
      let filled = unsafe UnsafeRawBufferPointer(start: bytes.baseAddress, count: count)
      try unsafe write(filled, to: address, options: options)
    }
  }

  /// A pointer of the source's own width.
  @inlinable
  public func readPointer(at address: Address) throws(RemoteMemoryError) -> Address {
    guard case .unsigned(let value) = try readScalar(ScalarFormat(.ptr), at: address) else {
      return .zero
    }
    return Address(value)
  }

  func rangeError(_ error: ScalarRangeError, at address: Address) -> RemoteMemoryError {
    RemoteMemoryError(.write, .range, process: processID, address: address, detail: "\(error)")
  }
}
