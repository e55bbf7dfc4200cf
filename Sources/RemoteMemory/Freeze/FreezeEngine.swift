import CProcessVM
import MemoryModel
import Synchronization

/// The thread that looks after all freezes of one process, and all they have in common.
///
/// It lives from the first freeze to the last one. Everything happens under one lock, so that when
/// `release` has returned no write is under way.
final class FreezeEngine: Sendable {
  fileprivate struct Core {
    /// All of them, by rising address; no two overlap.
    var freezes: [Freeze] = []
    var groups: [FreezeGroup] = []
    /// Whether no freeze can be added any more.
    var isClosing = false
    /// 0 until there is one, and when somebody waits for its end.
    var thread: UInt64 = 0
  }

  let process: RemoteProcess
  private let core = Mutex(Core())
  private let wake: WakePipe

  init(_ process: RemoteProcess) throws(RemoteMemoryError) {
    self.process = process
    wake = try WakePipe(.freeze, for: process.id)
  }

  var freezes: [Freeze] { core.withLock { $0.freezes } }

  // MARK: Freezes

  /// Writes a place for the first time and looks after it from now on; false when it is too late for
  /// this engine.
  func add(_ freeze: Freeze) throws(RemoteMemoryError) -> Bool {
    let outcome: Result<Outcome, RemoteMemoryError> = core.withLock { core in
      if core.isClosing { return .success(.tooLate) }
      do throws(RemoteMemoryError) {
        try core.checkIsFree(freeze)
        try enforce(freeze.state.rule, freeze)
        if core.thread == 0 { core.thread = try start() }
      } catch {
        return .failure(error)
      }
      return .success(core.insert(freeze, now: System.clock) ? .addedFirst : .added)
    }
    do throws(RemoteMemoryError) {
      let outcome = try outcome.get()
      if outcome == .addedFirst { wake.send() }
      return outcome != .tooLate
    } catch {
      closeIfIdle()
      throw error
    }
  }

  /// What became of a freeze that was to be added.
  private enum Outcome {
    case tooLate, added
    /// It is the first one of its period, so that the thread has to wake at another moment.
    case addedFirst
  }

  /// Has a place hold something else.
  func change(_ freeze: Freeze, to rule: FreezeRule) throws(RemoteMemoryError) {
    guard rule.byteCount == freeze.byteCount else {
      throw RemoteMemoryError(
        .freeze, .invalid, process: process.id, address: freeze.address,
        detail: "\(freeze.byteCount) bytes are held, not \(rule.byteCount)")
    }
    let failure = core.withLock { core -> RemoteMemoryError? in
      guard freeze.state.end == nil else { return nil }
      do throws(RemoteMemoryError) {
        try enforce(rule, freeze)
      } catch {
        return error
      }
      freeze.state.rule = rule
      core.group(of: freeze) { $0.noteChange() }
      return nil
    }
    if let failure { throw failure }
  }

  /// Ends a freeze, and with the last one the thread.
  func release(_ freeze: Freeze) {
    core.withLock { $0.end(freeze, as: .released) }
    closeIfIdle()
  }

  /// Ends all.
  func close() {
    core.withLock { core in
      for freeze in core.freezes { core.end(freeze, as: .released) }
    }
    closeIfIdle()
  }

  func end(of freeze: Freeze) -> FreezeEnd? { core.withLock { _ in freeze.state.end } }

  func report(of freeze: Freeze) -> FreezeReport {
    core.withLock { core in
      var counts = freeze.state.last ?? freeze.state.first
      if freeze.state.end == nil { core.group(of: freeze) { counts = $0.schedule.counts } }
      return FreezeReport(freeze.state, counts)
    }
  }

  /// Writes what a place is to hold, unless it holds it.
  /// - Throws: what `write` throws, also where nothing has to be written.
  private func enforce(_ rule: FreezeRule, _ freeze: Freeze) throws(RemoteMemoryError) {
    try process.checkMayWrite(at: freeze.address, count: freeze.byteCount)
    try process.checkWritable(freeze.address, freeze.byteCount, freeze.options)
    var wanted = rule.fixedBytes
    if wanted == nil {
      let bytes = try process.readBytes(at: freeze.address, count: freeze.byteCount)
      wanted = unsafe bytes.withUnsafeBytes { unsafe rule.correction(of: $0) }
    }
    guard let wanted else { return }
    try process.writeBytes(wanted, at: freeze.address, options: freeze.options)
    freeze.state.writes += 1
  }

  // MARK: The thread

  /// Ends the thread when it has nothing to do, and waits for that.
  private func closeIfIdle() {
    let thread: UInt64? = core.withLock { core in
      guard core.freezes.isEmpty else { return nil }
      core.isClosing = true
      defer { core.thread = 0 }
      return core.thread
    }
    guard let thread else { return }
    FreezeTable.remove(self)
    guard thread != 0 else { return }
    wake.send()
    pvm_join_thread(thread)
  }

  private func start() throws(RemoteMemoryError) -> UInt64 {
    var thread: UInt64 = 0
    let argument = unsafe Unmanaged.passRetained(self)
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      guard let argument = unsafe $0 else { return nil }
      unsafe Unmanaged<FreezeEngine>.fromOpaque(argument).takeRetainedValue().live()
      return nil
    }
    let result = unsafe pvm_start_thread(&thread, body, argument.toOpaque())
    guard let errno = Errno(result: Int(result)) else { return thread }
    unsafe argument.release()
    throw RemoteMemoryError(.freeze, .system, process: process.id, errno: errno, detail: "a thread")
  }

  private func live() {
    OwnThreads.note()
    while let moment = core.withLock({ $0.nextTick }) {
      wake.wait(until: moment, or: process.processDescriptor.value)
      core.withLock { core in
        do throws(RemoteMemoryError) {
          try core.tick(now: System.clock, process)
        } catch {
          for freeze in core.freezes { core.end(freeze, as: .lost(error)) }
          core.isClosing = true
        }
      }
    }
    let thread = core.withLock { core in
      defer { core.thread = 0 }
      return core.thread
    }
    FreezeTable.remove(self)
    if thread != 0 { pvm_detach_thread(thread) }
  }
}

extension FreezeEngine.Core {
  /// When there is something to do, on the monotonic clock; nil when there never will be again.
  fileprivate var nextTick: UInt64? {
    isClosing ? nil : groups.lazy.map(\.schedule.next).min() ?? .max
  }

  fileprivate mutating func tick(now: UInt64, _ process: RemoteProcess) throws(RemoteMemoryError) {
    if process.hasEnded { throw process.lost(.freeze) }
    for place in groups.indices { try groups[place].run(now: now) }
  }

  /// - Throws: `EBUSY` when another freeze holds some of its bytes.
  fileprivate func checkIsFree(_ freeze: Freeze) throws(RemoteMemoryError) {
    let above = freezes.firstIndex(above: freeze.address)
    let neighbours = freezes[max(above - 1, 0)..<min(above + 1, freezes.count)]
    guard let other = neighbours.first(where: { $0.range.overlaps(freeze.range) }) else { return }
    throw RemoteMemoryError(
      .freeze, .busy, process: freeze.process.id, address: freeze.address,
      requestedBytes: freeze.byteCount,
      detail: "the \(other.byteCount) bytes at \(other.address) are frozen already")
  }

  /// - Returns: whether it is the first one of its period.
  fileprivate mutating func insert(_ freeze: Freeze, now: UInt64) -> Bool {
    let isFirst = !groups.contains { $0.schedule.period == freeze.period }
    if isFirst { groups.append(FreezeGroup(freeze.process, period: freeze.period, now: now)) }
    freezes.insert(freeze, at: freezes.firstIndex(above: freeze.address))
    group(of: freeze) { $0.insert(freeze) }
    return isFirst
  }

  /// Ends a freeze, once.
  fileprivate mutating func end(_ freeze: Freeze, as end: FreezeEnd) {
    guard freeze.state.end == nil else { return }
    freeze.state.end = end
    group(of: freeze) { $0.remove(freeze) }
    groups.removeAll { $0.freezes.isEmpty }
    let place = freezes.firstIndex(above: freeze.address) - 1
    if freezes.indices.contains(place), freezes[place] === freeze { freezes.remove(at: place) }
  }

  /// Lends the group a freeze belongs to.
  fileprivate mutating func group(of freeze: Freeze, _ body: (inout FreezeGroup) -> Void) {
    guard let place = groups.firstIndex(where: { $0.schedule.period == freeze.period }) else {
      return
    }
    body(&groups[place])
  }
}

extension FreezeReport {
  /// - Parameters:
  ///   - state: of a freeze.
  ///   - counts: what its schedule has counted up to now, or to its end.
  init(_ state: Freeze.State, _ counts: FreezeSchedule.Counts) {
    let lateness = counts.lateness - state.first.lateness
    writes = state.writes
    resisted = state.resisted
    ticks = counts.ticks - state.first.ticks
    missed = counts.missed - state.first.missed
    worstLateness = lateness.quantile(1)
    usualLateness = lateness.quantile(0.99)
    fault = state.fault
    end = state.end
  }
}
