import CProcessVM
import Synchronization

/// Threads that work off a list of tasks together, each taking the next one until none is left or
/// one has failed.
///
/// The calling thread does no work but looks after them: signals, progress and Lua stay with it.
@safe final class ScanCrew: @unchecked Sendable {
  /// Does one task; the worker's number is from 0.
  typealias Work = @Sendable (_ task: Int, _ worker: Int) throws(RemoteMemoryError) -> Void

  private let taskCount: Int
  private let work: Work
  private let interrupt: InterruptCheck
  private let next = Atomic(0)
  private let finished = Atomic(0)
  private let stopped = Atomic(false)
  private let nextWorker = Atomic(0)
  private let failure = Mutex<RemoteMemoryError?>(nil)
  private var ends: (Int32, Int32) = (-1, -1)

  private init(taskCount: Int, interrupt: InterruptCheck, work: @escaping Work) {
    self.taskCount = taskCount
    self.interrupt = interrupt
    self.work = work
  }

  /// Works off tasks 0 to `taskCount - 1`, which read gently, and confirms what they read.
  /// - Parameters:
  ///   - bytes: about how much they read in all.
  ///   - threads: how many work; 1 works on the calling thread.
  ///   - look: called on the calling thread now and then; false ends the work.
  /// - Returns: whether all tasks were done; false when it was interrupted.
  static func run(
    _ source: any MemorySource, tasks taskCount: Int, bytes: UInt64, threads: Int,
    look: () -> Bool,
    work: @escaping Work
  ) throws(RemoteMemoryError) -> Bool {
    (source as? RemoteProcess)?.expectGentleReads(byteCount: bytes)
    let crew = ScanCrew(taskCount: taskCount, interrupt: source.interrupt, work: work)
    if threads <= 1 || taskCount <= 1 || !crew.start(min(threads, taskCount), look: look) {
      crew.workHere(look)
    }
    if let failure = crew.failure.withLock({ $0 }) {
      if failure.cause != .interrupted { throw failure }
      try source.confirm()
      return false
    }
    try source.confirm()
    return crew.finished.load(ordering: .relaxed) == taskCount
  }

  /// Works on the calling thread, looking about every 50 ms.
  private func workHere(_ look: () -> Bool) {
    let worker = nextWorker.wrappingAdd(1, ordering: .relaxed).oldValue
    var due = System.coarseClock &+ Self.interval
    while step(worker) {
      guard System.coarseClock >= due else { continue }
      due = System.coarseClock &+ Self.interval
      if !look() { stopped.store(true, ordering: .relaxed) }
    }
  }

  private static let interval: UInt64 = 50_000_000

  /// Does the next task; false when there is none for this thread any more.
  private func step(_ worker: Int) -> Bool {
    if stopped.load(ordering: .relaxed) { return false }
    let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
    guard task < taskCount else { return false }
    if interrupt.isInterrupted {
      stopped.store(true, ordering: .relaxed)
      return false
    }
    do throws(RemoteMemoryError) {
      try work(task, worker)
      finished.wrappingAdd(1, ordering: .relaxed)
    } catch {
      failure.withLock { if $0 == nil { $0 = error } }
      stopped.store(true, ordering: .relaxed)
      return false
    }
    return true
  }

  /// Starts threads and waits for them; false, with nothing started, where none can be had.
  private func start(_ count: Int, look: () -> Bool) -> Bool {
    var pipe: [Int32] = [-1, -1]
    guard unsafe pvm_pipe(&pipe) == 0 else { return false }
    ends = (pipe[0], pipe[1])
    defer {
      System.close(pipe[0])
      System.close(pipe[1])
    }
    var threads: [UInt64] = []
    for _ in 0..<count {
      var thread: UInt64 = 0
      let argument = unsafe Unmanaged.passRetained(self)
      let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        guard let argument = unsafe $0 else { return nil }
        unsafe Unmanaged<ScanCrew>.fromOpaque(argument).takeRetainedValue().workAway()
        return nil
      }
      guard unsafe pvm_start_thread(&thread, body, argument.toOpaque()) == 0 else {
        unsafe argument.release()
        break
      }
      threads.append(thread)
    }
    guard !threads.isEmpty else { return false }
    wait(for: threads.count, look)
    for thread in threads { pvm_join_thread(thread) }
    return true
  }

  /// A thread's life: tasks, then a byte into the pipe.
  private func workAway() {
    OwnThreads.note()
    let worker = nextWorker.wrappingAdd(1, ordering: .relaxed).oldValue
    while step(worker) {}
    var byte: UInt8 = 1
    _ = unsafe System.write(ends.1, &byte, 1)
  }

  /// Waits until so many threads have said that they are done. A signal ends a wait early, which
  /// is how Ctrl-C is noticed at once.
  private func wait(for count: Int, _ look: () -> Bool) {
    var done = 0
    var byte: UInt8 = 0
    while done < count {
      if System.poll(ends.0, milliseconds: 50) == 1 {
        if unsafe System.read(ends.0, &byte, 1) == 1 { done += 1 }
        continue
      }
      if interrupt.isInterrupted || !look() { stopped.store(true, ordering: .relaxed) }
    }
  }
}
