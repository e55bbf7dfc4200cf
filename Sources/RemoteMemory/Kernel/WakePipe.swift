import CProcessVM
import MemoryModel

/// A pipe for single bytes that say to another thread: look.
final class WakePipe: Sendable {
  private let reading: Descriptor
  private let writing: Descriptor

  /// - Parameters:
  ///   - operation: what needs it, for the error.
  ///   - process: whom it is about, for the error.
  /// - Throws: `EMFILE` and what else pipe2(2) says.
  init(
    _ operation: RemoteMemoryError.Operation, for process: ProcessID
  ) throws(RemoteMemoryError) {
    var ends: [Int32] = [-1, -1]
    let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe pvm_pipe($0.baseAddress) }
    if let errno = Errno(result: Int(result)) {
      throw RemoteMemoryError(operation, .system, process: process, errno: errno, detail: "a pipe")
    }
    reading = Descriptor(ends[0])
    writing = Descriptor(ends[1])
  }

  /// Wakes whoever waits, or will.
  func send() {
    var byte: UInt8 = 1
    _ = unsafe System.write(writing.value, &byte, 1)
  }

  /// Waits for a byte, and takes what is there.
  func wait(milliseconds: Int32) {
    guard System.poll(reading.value, milliseconds: milliseconds) == 1 else { return }
    take()
  }

  /// Waits for a byte, and takes what is there; or until a moment on the monotonic clock, or until
  /// another descriptor is readable.
  func wait(until moment: UInt64, or other: Int32) {
    if System.poll(reading.value, other, until: moment).0 { take() }
  }

  private func take() {
    var bytes: UInt64 = 0
    _ = unsafe System.read(reading.value, &bytes, 8)
  }
}
