public import MemoryModel

/// Values of one type that lay side by side, kept as the bytes they were read as and decoded one by
/// one when asked.
public struct ScalarArray: RandomAccessCollection, Sendable {
  /// The bytes as they were in memory.
  public let bytes: [UInt8]
  /// The type of each value.
  public let format: ScalarFormat
  /// How wide a pointer was in the source.
  public let pointerWidth: PointerWidth
  /// The byte order of the source.
  public let byteOrder: ByteOrder
  private let stride: Int

  /// The values in `bytes`; a rest too short for one is left out.
  public init(
    bytes: [UInt8], format: ScalarFormat, pointerWidth: PointerWidth, byteOrder: ByteOrder
  ) {
    self.bytes = bytes
    self.format = format
    self.pointerWidth = pointerWidth
    self.byteOrder = byteOrder
    stride = format.byteCount(pointerWidth: pointerWidth)
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many values there are.
  public var endIndex: Int { bytes.count / stride }

  /// The value at an index from 0; a precondition failure outside.
  public subscript(index: Int) -> ScalarValue {
    precondition(index >= 0 && index < endIndex, "index out of range")
    return format.decode(
      bytes, at: index * stride, pointerWidth: pointerWidth, targetOrder: byteOrder) ?? .integer(0)
  }
}

extension MemorySource {
  /// `count` values that lie side by side, in one transfer.
  /// - Throws: `EFAULT` unless all can be read; `EINVAL`, `E2BIG` for a count that is negative or
  ///   over 1 GiB in all.
  public func readArray(_ format: ScalarFormat, at address: Address, count: Int)
    throws(RemoteMemoryError) -> ScalarArray
  {
    let bytes = try readBytes(at: address, count: byteCount(of: format, count, .read))
    return ScalarArray(
      bytes: bytes, format: format, pointerWidth: pointerWidth, byteOrder: byteOrder)
  }

  /// Writes values side by side: all, or none.
  /// - Throws: `ERANGE` when a value does not fit, with its number counted from 1; and what `write`
  ///   throws.
  public func writeArray(
    _ values: some Collection<ScalarValue>, as format: ScalarFormat, at address: Address,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    let total = try byteCount(of: format, values.count, .write)
    try Allocation.check(total, for: .write)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    var number = 0
    for value in values {
      number += 1
      do throws(ScalarRangeError) {
        bytes += try format.encode(value, pointerWidth: pointerWidth, targetOrder: byteOrder)
      } catch {
        var outer = rangeError(error, at: address)
        outer.detail = "value \(number): \(outer.detail)"
        throw outer
      }
    }
    try writeBytes(bytes, at: address, options: options)
  }

  private func byteCount(
    of format: ScalarFormat, _ count: Int, _ operation: RemoteMemoryError.Operation
  ) throws(RemoteMemoryError) -> Int {
    guard count >= 0 else {
      throw RemoteMemoryError(
        operation, .invalid, process: processID, detail: "a count is at least 0, got \(count)")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(
      by: format.byteCount(pointerWidth: pointerWidth))
    try checkCount(overflow ? .max : bytes, operation)
    return bytes
  }
}
