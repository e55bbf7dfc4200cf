public import MemoryModel

/// A place in a process that is held at a value until it is released, the process ends or we do.
///
/// It goes on without its object; a thread of its own looks after all freezes of a process.
public final class Freeze: @unchecked Sendable {
  /// How often a place is looked at unless it is said, in seconds.
  public static let standardSeconds = 0.05
  /// The seconds that may be asked for.
  public static let possibleSeconds = 0.001...3600.0

  /// What changes; to be touched under the lock of the engine only.
  struct State {
    var rule: FreezeRule
    var writes = 0
    var resisted = 0
    var fault: RemoteMemoryError?
    var end: FreezeEnd?
    /// What the schedule had counted when this joined it, and when it left.
    var first = FreezeSchedule.Counts()
    var last: FreezeSchedule.Counts?
  }

  /// The process.
  public let process: RemoteProcess
  /// Its first byte.
  public let address: Address
  /// How many bytes are held.
  public let byteCount: Int
  /// From one look to the next, in seconds.
  public let seconds: Double
  let options: WriteOptions
  var state: State
  private let engine: FreezeEngine

  init(
    _ rule: FreezeRule, at address: Address, seconds: Double, options: WriteOptions,
    by engine: FreezeEngine
  ) {
    process = engine.process
    self.address = address
    byteCount = rule.byteCount
    self.seconds = seconds
    self.options = options
    self.engine = engine
    state = State(rule: rule)
  }

  /// What it has done so far.
  public var report: FreezeReport { engine.report(of: self) }

  /// How it ended; nil while it goes on.
  public var end: FreezeEnd? { engine.end(of: self) }

  /// Whether it goes on.
  public var isActive: Bool { end == nil }

  /// Holds something else from now on; written at once where the place does not hold it.
  /// - Parameters:
  ///   - rule: about as many bytes as before.
  ///   - isApproved: whether whoever is asked about writes has agreed to it already.
  /// - Throws: `EINVAL` for another number of bytes, and what `write` throws; the old rule then
  ///   stays. After the end nothing is done.
  public func change(to rule: FreezeRule, isApproved: Bool = false) throws(RemoteMemoryError) {
    if !isApproved, isActive { try process.askAboutHolding(rule, at: address, options) }
    try engine.change(self, to: rule)
  }

  /// Lets the place go: once this has returned nothing is written there any more. What it holds
  /// stays. May be called again.
  public func release() { engine.release(self) }

  /// From one look to the next, in nanoseconds.
  var period: UInt64 { UInt64(seconds * 1e9) }

  /// Its bytes.
  var range: AddressRange { AddressRange(start: address, count: UInt64(byteCount)) }
}

extension RemoteProcess {
  /// Holds a place at a value: it is written now, and again each time it is found to be another.
  ///
  /// All places of a process are read with few system calls, and only what differs is written, through
  /// the descriptor that can reach no other process and no other program. A place that cannot be read
  /// or written any more is tried again every second.
  ///
  /// - Parameters:
  ///   - address: its first byte.
  ///   - rule: what it is to hold.
  ///   - seconds: from one look to the next, `Freeze.possibleSeconds`.
  ///   - options: whether the bytes of a file may be changed.
  /// - Returns: the freeze, which goes on until it is released.
  /// - Throws: what `write` throws; `EBUSY` where another freeze holds some of the bytes; `EINVAL` for
  ///   other seconds and for no bytes; `EAGAIN` and `EMFILE` when no thread can be started.
  public func freeze(
    at address: Address, _ rule: FreezeRule, every seconds: Double = Freeze.standardSeconds,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> Freeze {
    guard Freeze.possibleSeconds.contains(seconds), rule.byteCount > 0 else {
      throw RemoteMemoryError(
        .freeze, .invalid, process: id, address: address,
        detail: "a freeze is of at least a byte, every 0.001 to 3600 seconds")
    }
    var options = options
    try askAboutHolding(rule, at: address, options)
    options.isApproved = true
    while true {
      let engine = try FreezeTable.engine(for: self)
      let freeze = Freeze(rule, at: address, seconds: seconds, options: options, by: engine)
      if try engine.add(freeze) { return freeze }
    }
  }

  /// Asks about a freeze before it begins: later nobody can be asked, on a thread of its own.
  fileprivate func askAboutHolding(
    _ rule: FreezeRule, at address: Address, _ options: WriteOptions
  ) throws(RemoteMemoryError) {
    guard asksAboutWrites else { return }
    var options = options
    options.isApproved = false
    options.purpose = "freeze"
    var bytes = rule.fixedBytes
    if bytes == nil {
      let current = try readBytes(at: address, count: rule.byteCount)
      bytes = unsafe current.withUnsafeBytes { unsafe rule.correction(of: $0) } ?? current
    }
    try approve(bytes ?? [], at: address, options: options)
  }

  /// The freezes of this process that go on, by address.
  public var freezes: [Freeze] { FreezeTable.current(for: self)?.freezes ?? [] }
}
