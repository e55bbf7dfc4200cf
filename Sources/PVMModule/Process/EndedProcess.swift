import MemoryModel
import RemoteMemory

/// A child that had ended before it could be attached. It has no memory any more: whatever is asked
/// of it raises how it ended.
final class EndedProcess: MemorySource {
  let child: SpawnedProcess
  let pointerWidth = PointerWidth.eight
  let byteOrder = ByteOrder.little
  let limits = TransferLimits()
  let interrupt = InterruptCheck.never
  let statistics = TransferStatistics()

  init(_ child: SpawnedProcess) { self.child = child }

  var label: String { "process \(child.id)" }
  var processID: ProcessID? { child.id }

  /// The error that it has ended.
  func gone(
    _ operation: RemoteMemoryError.Operation, at address: Address? = nil, requestedBytes: Int = 0
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .gone(child.exit ?? .unknown), process: child.id, address: address,
      requestedBytes: requestedBytes, errno: .noSuchProcess)
  }

  func regionMap() throws(RemoteMemoryError) -> RegionMap { throw gone(.map) }

  func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    throw gone(.read, at: address, requestedBytes: buffer.count)
  }

  func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    throw gone(.read)
  }

  func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
    throws(RemoteMemoryError)
  {
    throw gone(.write, at: address, requestedBytes: bytes.count)
  }

  func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    gone(operation, at: address, requestedBytes: requestedBytes)
  }
}
