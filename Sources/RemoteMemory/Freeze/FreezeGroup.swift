import MemoryModel

/// The freezes of one process that have one period.
struct FreezeGroup {
  /// How long a place that cannot be held is left alone, in nanoseconds.
  private static let rest: UInt64 = 1_000_000_000

  let process: RemoteProcess
  private(set) var schedule: FreezeSchedule
  /// By rising address.
  private(set) var freezes: [Freeze] = []
  /// Nil when it has to be made anew.
  private var plan: FreezePlan?
  /// When places that could not be held are tried again; nil when there are none.
  private var retry: UInt64?

  init(_ process: RemoteProcess, period: UInt64, now: UInt64) {
    self.process = process
    schedule = FreezeSchedule(period: period, now: now)
  }

  // MARK: Members

  mutating func insert(_ freeze: Freeze) {
    freeze.state.first = schedule.counts
    freezes.insert(freeze, at: freezes.firstIndex(above: freeze.address))
    plan = nil
  }

  mutating func remove(_ freeze: Freeze) {
    freeze.state.last = schedule.counts
    let place = freezes.firstIndex(above: freeze.address) - 1
    guard freezes.indices.contains(place), freezes[place] === freeze else { return }
    freezes.remove(at: place)
    plan = nil
  }

  /// To be called when what a member is to hold has changed.
  mutating func noteChange() { plan = nil }

  // MARK: Ticks

  /// Looks after all places if it is time.
  /// - Throws: when the process has ended or runs another program.
  mutating func run(now: UInt64) throws(RemoteMemoryError) {
    guard schedule.take(now: now) else { return }
    if let retry, now >= retry { tryAgain() }
    do throws(RemoteMemoryError) {
      try pass(now)
    } catch {
      if error.isLoss { throw error }
      if error.cause == .interrupted { return }
      for freeze in plan?.freezes ?? freezes { leaveAlone(freeze, error, now) }
    }
  }

  private mutating func pass(_ now: UInt64) throws(RemoteMemoryError) {
    let plan = try currentPlan()
    let unreadable = try plan.read(from: process)
    var corrector = FreezeCorrector(process)
    for index in plan.differing() where !unreadable.contains(index) {
      guard let bytes = plan.correction(index) else { continue }
      try corrector.add(plan.freezes[index], bytes)
    }
    try corrector.finish()
    for (freeze, error) in corrector.failures { leaveAlone(freeze, error, now) }
    for index in unreadable {
      let freeze = plan.freezes[index]
      let error = process.fault(
        .freeze, at: freeze.address, requestedBytes: freeze.byteCount, completedBytes: 0)
      leaveAlone(freeze, error, now)
    }
  }

  private mutating func currentPlan() throws(RemoteMemoryError) -> FreezePlan {
    if let plan { return plan }
    let made = try FreezePlan(freezes.filter { $0.state.fault == nil }, of: process)
    plan = made
    return made
  }

  private mutating func leaveAlone(_ freeze: Freeze, _ error: RemoteMemoryError, _ now: UInt64) {
    freeze.state.fault = error
    if retry == nil { retry = now &+ Self.rest }
    plan = nil
  }

  private mutating func tryAgain() {
    for freeze in freezes { freeze.state.fault = nil }
    retry = nil
    plan = nil
  }
}

extension [Freeze] {
  /// The place of the first that begins above an address; they are in rising order.
  func firstIndex(above address: Address) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].address > address { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
