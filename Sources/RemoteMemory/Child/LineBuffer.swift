import MemoryModel
import Synchronization

/// What a child has written into a pipe, given out line by line.
final class LineBuffer: Sendable {
  /// A line longer than this is given out in pieces.
  private static let longestLine = 1 << 20

  private let descriptor: Descriptor
  private let pending = Mutex<[UInt8]>([])

  init(_ descriptor: Int32) { self.descriptor = Descriptor(descriptor) }

  /// The next line, or nil when nothing more will come.
  func line(of process: ProcessID, seconds: Double?, _ interrupt: InterruptCheck)
    throws(RemoteMemoryError) -> [UInt8]?
  {
    try checkIsOurs(process)
    let deadline = Deadline(seconds: seconds)
    while true {
      if let line = takeLine() { return line }
      if interrupt.isInterrupted { throw RemoteMemoryError(.talk, .interrupted, process: process) }
      guard let pause = deadline.nextPoll(milliseconds: 50) else {
        throw RemoteMemoryError(.talk, .timedOut, process: process, detail: "no whole line came")
      }
      guard System.poll(descriptor.value, milliseconds: pause) > 0 else { continue }
      if try !fill(process) { return takeRest() }
    }
  }

  /// Everything that has come, at least one byte: empty when none comes within the time, nil when
  /// nothing more will come.
  func bytes(of process: ProcessID, seconds: Double?, _ interrupt: InterruptCheck)
    throws(RemoteMemoryError) -> [UInt8]?
  {
    try checkIsOurs(process)
    let deadline = Deadline(seconds: seconds)
    while true {
      let hasSome = pending.withLock { !$0.isEmpty }
      let wait = hasSome ? 0 : deadline.nextPoll(milliseconds: 50)
      if interrupt.isInterrupted { throw RemoteMemoryError(.talk, .interrupted, process: process) }
      let isReadable = System.poll(descriptor.value, milliseconds: wait ?? 0) > 0
      if isReadable, try !fill(process) { return takeRest() }
      if isReadable { continue }
      if hasSome || wait == nil { return takeRest() ?? [] }
    }
  }

  /// Takes what is there. False at the end.
  private func fill(_ process: ProcessID) throws(RemoteMemoryError) -> Bool {
    let block = try Allocation(byteCount: 65_536, for: .talk)
    let count = unsafe System.read(descriptor.value, block.bytes.baseAddress, block.bytes.count)
    if let errno = Errno(result: count) {
      if errno == .interrupted { return true }
      // A terminal that nobody has open any more.
      if errno == .inputOutput { return false }
      throw RemoteMemoryError(.talk, .system, process: process, errno: errno)
    }
    pending.withLock { unsafe $0.append(contentsOf: block.bytes[..<count]) }
    return count > 0
  }

  private func checkIsOurs(_ process: ProcessID) throws(RemoteMemoryError) {
    guard !descriptor.isOpen else { return }
    throw RemoteMemoryError(
      .talk, .invalid, process: process, detail: "that stream is no pipe of ours")
  }

  private func takeLine() -> [UInt8]? {
    pending.withLock { pending in
      if let end = pending.firstIndex(of: 10) {
        defer { pending.removeFirst(end + 1) }
        return Array(pending[..<end])
      }
      guard pending.count >= Self.longestLine else { return nil }
      defer { pending = [] }
      return pending
    }
  }

  private func takeRest() -> [UInt8]? {
    pending.withLock { pending in
      defer { pending = [] }
      return pending.isEmpty ? nil : pending
    }
  }
}
