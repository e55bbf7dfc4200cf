import CProcessVM

/// Memory of our own whose shortage is an error and not the end of the program, as it is for
/// Swift's arrays.
@safe public final class Allocation: @unchecked Sendable {
  /// The memory, not cleared.
  public let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `ENOMEM` when there is not enough.
  public init(byteCount: Int, for operation: RemoteMemoryError.Operation) throws(RemoteMemoryError)
  {
    guard byteCount >= 0, let memory = unsafe pvm_allocate(max(byteCount, 1)) else {
      throw RemoteMemoryError(
        operation, .system, errno: .noMemory, detail: "\(byteCount) bytes for the result")
    }
    unsafe bytes = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
  }

  deinit { unsafe pvm_release(bytes.baseAddress) }

  /// Throws unless that much memory could be had at this moment; asked before a large array is
  /// made.
  static func check(_ byteCount: Int, for operation: RemoteMemoryError.Operation)
    throws(RemoteMemoryError)
  {
    guard byteCount >= 1 << 20 else { return }
    _ = try Allocation(byteCount: byteCount, for: operation)
  }
}
