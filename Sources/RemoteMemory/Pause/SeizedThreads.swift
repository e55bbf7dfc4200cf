import CProcessVM
import MemoryModel

/// The threads of a process as one thread of ours has seized them by ptrace(2).
///
/// To be made, used and released on that one thread. When it ends without a release, by a crash or a
/// SIGKILL of ours, the kernel lets all threads go on, and hands them the signals they were about to
/// be given.
struct SeizedThreads {
  /// How a seized thread stands.
  private enum State {
    /// It was asked to stop and has not yet done so.
    case running
    /// It is stopped.
    case stopped
    /// It waits inside the kernel where no request reaches it, and stops before it runs any
    /// instruction of its own again.
    case inKernel
  }

  private struct Thread {
    let id: ProcessID
    var state = State.running
  }

  private let process: ProcessID
  private let evidence: any AccessEvidenceSource
  private var threads: [Thread] = []
  private var numbers: Set<Int32> = []
  /// How often a thread was refused that nobody traces.
  private var refusals = 0

  init(of process: ProcessID, evidence: any AccessEvidenceSource) {
    self.process = process
    self.evidence = evidence
  }

  /// Stops every thread, those too that come into being meanwhile.
  /// - Parameter isWanted: asked now and then; false ends the attempt.
  /// - Throws: `ESRCH` when the process has ended, `EPERM` when it may not be traced, `ETIMEDOUT`,
  ///   `EINTERRUPTED`. What was seized by then stays so until it is released.
  mutating func stop(isWanted: () -> Bool) throws(RemoteMemoryError) {
    let limit = System.clock &+ Self.patience
    var passesWithoutNews = 0
    // A listing can miss a thread when another one ends under it; it does not do so twice.
    while passesWithoutNews < 2 {
      guard System.clock < limit else { throw timedOut() }
      passesWithoutNews = try seizeNewThreads() ? 0 : passesWithoutNews + 1
      try awaitStops(limit: limit, isWanted: isWanted)
      guard !threads.isEmpty else { throw gone() }
    }
  }

  /// How long threads may take to stop, in nanoseconds.
  private static let patience: UInt64 = 3_000_000_000
  /// From when on a thread that waits inside the kernel is left there.
  private static let grace: UInt64 = 50_000_000

  /// Whether any thread lives; SIGKILL ends stopped threads too.
  var areAlive: Bool {
    guard let first = threads.first else { return false }
    var signal: Int32 = 0
    return unsafe pvm_trace_stop(first.id.rawValue, &signal) >= 0
  }

  /// The threads with their registers, the first thread of the process first; without registers
  /// those that are inside the kernel.
  func notes() -> [ThreadNote] {
    let others = threads.filter { $0.id != process }.sorted { $0.id.rawValue < $1.id.rawValue }
    return (threads.filter { $0.id == process } + others).map { thread in
      guard thread.state == .stopped else { return ThreadNote(id: thread.id) }
      return ThreadNote(
        id: thread.id, registers: Self.registers(of: thread.id, floating: false),
        floatRegisters: Self.registers(of: thread.id, floating: true))
    }
  }

  /// Lets all go on, and gives each the signal it was about to be given. A thread that is still on
  /// its way to a stop goes on when the calling thread ends.
  mutating func release() {
    for thread in threads {
      var signal: Int32 = 0
      guard unsafe pvm_trace_stop(thread.id.rawValue, &signal) == 1 else { continue }
      _ = pvm_trace_detach(thread.id.rawValue, signal)
    }
    threads = []
    numbers = []
  }

  // MARK: Seizing

  /// Seizes what is not seized yet; false when there was nothing.
  private mutating func seizeNewThreads() throws(RemoteMemoryError) -> Bool {
    guard case .success(let listed) = ProcFile.numbers(in: "/proc/\(process)/task") else {
      throw gone()
    }
    var isNews = false
    for number in listed where !numbers.contains(number) {
      if try seize(ProcessID(number)) { isNews = true }
    }
    return isNews
  }

  /// Seizes one thread and asks it to stop at once: a signal that came in between would otherwise
  /// stop it first, at any later time. False when the thread has ended.
  private mutating func seize(_ thread: ProcessID) throws(RemoteMemoryError) -> Bool {
    guard let errno = Errno(result: Int(pvm_trace_seize(thread.rawValue))) else {
      _ = pvm_trace_interrupt(thread.rawValue)
      threads.append(Thread(id: thread))
      numbers.insert(thread.rawValue)
      return true
    }
    // A thread that is ending is refused like one that may not be traced.
    let state = Self.state(of: thread, in: process)
    if errno == .noSuchProcess || state?.hasEnded ?? true { return false }
    try checkRefusal(errno, of: thread)
    System.sleep(nanoseconds: 200_000)
    return true
  }

  /// Throws unless it is to be tried again: a pause of ours that has just ended lets the last threads
  /// go a moment later.
  private mutating func checkRefusal(_ errno: Errno, of thread: ProcessID) throws(RemoteMemoryError)
  {
    guard errno == .notPermitted || errno == .accessDenied else {
      throw RemoteMemoryError(.pause, .system, process: process, errno: errno, detail: "ptrace(2)")
    }
    if let tracer = Self.tracer(of: thread, in: process) {
      if Self.isOurs(tracer) || Self.tracer(of: thread, in: process) == nil { return }
      let name = (try? ProcessStat.current(tracer).get())?.nameBytes ?? []
      let text = name.isEmpty ? "" : " (\(printable(name)))"
      throw RemoteMemoryError(
        .pause, .system, process: process, errno: errno,
        detail: "process \(tracer)\(text) traces it already")
    }
    refusals += 1
    if refusals > 3 { throw .denied(.pause, process, errno, evidence) }
  }

  private static func tracer(of thread: ProcessID, in process: ProcessID) -> ProcessID? {
    let status = ProcFile.bytes("/proc/\(process)/task/\(thread)/status")
    return (try? status.get()).flatMap { ProcessStatus($0).tracer }
  }

  private static func isOurs(_ thread: ProcessID) -> Bool {
    if case .success = ProcFile.bytes("/proc/self/task/\(thread)/stat") { return true }
    return false
  }

  private func gone() -> RemoteMemoryError {
    RemoteMemoryError(.pause, .absent, process: process, errno: .noSuchProcess)
  }

  // MARK: Waiting

  /// Waits until each thread has stopped, ended, or is known to wait inside the kernel.
  private mutating func awaitStops(limit: UInt64, isWanted: () -> Bool) throws(RemoteMemoryError) {
    let start = System.clock
    var rounds = 0
    var nextRequest = start &+ Self.requestInterval
    while true {
      look()
      guard threads.contains(where: { $0.state == .running }) else { return }
      guard isWanted() else { throw RemoteMemoryError(.pause, .interrupted, process: process) }
      rounds += 1
      if rounds > Self.quickRounds {
        System.sleep(nanoseconds: UInt64(min(rounds - Self.quickRounds, 50)) * 20_000)
      }
      let now = System.clock
      if now &- start > Self.grace { leaveThoseInKernel() }
      guard now < limit else { throw timedOut() }
      if now >= nextRequest {
        askAgain()
        nextRequest = now &+ Self.requestInterval
      }
    }
  }

  private static let requestInterval: UInt64 = 10_000_000
  /// How often to look without a pause between.
  private static let quickRounds = 40

  /// Notes who has stopped, and drops who has ended.
  private mutating func look() {
    var hasEnded = false
    for index in threads.indices where threads[index].state == .running {
      var signal: Int32 = 0
      switch unsafe pvm_trace_stop(threads[index].id.rawValue, &signal) {
      case 1: threads[index].state = .stopped
      case 0: break
      default: hasEnded = true
      }
    }
    if hasEnded { dropEnded() }
  }

  private mutating func dropEnded() {
    let ended = threads.filter { thread in
      var signal: Int32 = 0
      guard thread.state == .running else { return false }
      return unsafe pvm_trace_stop(thread.id.rawValue, &signal) < 0
    }
    for thread in ended {
      numbers.remove(thread.id.rawValue)
      threads.removeAll { $0.id == thread.id }
      if thread.id != process { _ = pvm_trace_bury(thread.id.rawValue) }
    }
  }

  /// A thread can have taken the number of another one since: execve(2) gives that of the process to
  /// whoever called it.
  private func askAgain() {
    for thread in threads where thread.state == .running {
      _ = pvm_trace_interrupt(thread.id.rawValue)
    }
  }

  private mutating func leaveThoseInKernel() {
    for index in threads.indices where threads[index].state == .running {
      if Self.state(of: threads[index].id, in: process) == .diskSleep {
        threads[index].state = .inKernel
      }
    }
  }

  private func timedOut() -> RemoteMemoryError {
    let slow = threads.first { $0.state == .running }?.id ?? process
    return RemoteMemoryError(
      .pause, .timedOut, process: process, detail: "thread \(slow) does not stop")
  }

  // MARK: Asking the kernel

  private static func state(of thread: ProcessID, in process: ProcessID) -> ProcessState? {
    try? ProcessStat.current(process, thread: thread).get().state
  }

  /// A set of registers; nil where the kernel does not give it.
  private static func registers(of thread: ProcessID, floating: Bool) -> [UInt8]? {
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { room in
      let count = unsafe pvm_trace_registers(
        thread.rawValue, floating, room.baseAddress, room.count)
      guard count > 0 else { return nil }
      return unsafe Array(room[..<count])
    }
  }
}
