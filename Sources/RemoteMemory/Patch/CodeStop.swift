public import MemoryModel

extension RemoteProcess {
  /// Stops every thread of the process at a moment when none is inside some code, so that it can be
  /// replaced.
  ///
  /// Inside is an instruction pointer behind the first byte of a range; a thread at the first byte
  /// meets the new code whole. What lies on the stacks is not looked at: a call that is to return
  /// into the code, or a signal handler above it, is not noticed.
  /// - Parameter ranges: the code.
  /// - Throws: `EBUSY` when a thread was inside each time we looked, for about half a second;
  ///   otherwise as `pause`.
  public func pause(outside ranges: [AddressRange]) throws(RemoteMemoryError) -> Pause {
    var inside: (thread: ProcessID, address: Address)?
    for _ in 0..<100 {
      let pause = try pause()
      inside = Self.threadInside(ranges, of: pause)
      if inside == nil { return pause }
      pause.resume()
      System.sleep(nanoseconds: 5_000_000)
      if interrupt.isInterrupted { throw RemoteMemoryError(.pause, .interrupted, process: id) }
    }
    throw RemoteMemoryError(
      .pause, .busy, process: id,
      detail: inside.map {
        "thread \($0.thread) is inside the code that is to be changed, at \($0.address), "
          + "each time it is stopped"
      } ?? "")
  }

  private static func threadInside(_ ranges: [AddressRange], of pause: Pause)
    -> (thread: ProcessID, address: Address)?
  {
    for thread in pause.threads {
      guard let pointer = thread.instructionPointer else { continue }
      if ranges.contains(where: { $0.contains(pointer) && $0.start != pointer }) {
        return (thread.id, pointer)
      }
    }
    return nil
  }
}
