import MemoryModel

extension RemoteProcess {
  /// The processes there are at this moment, in rising order of their numbers; threads are not
  /// listed.
  /// - Parameter query: which ones; nil for all, kernel threads and zombies included.
  /// - Throws: `ENOENT` and the like when there is no `/proc`.
  public static func list(_ query: ProcessQuery? = nil) throws(RemoteMemoryError)
    -> [ProcessSummary]
  {
    switch ProcFile.numbers(in: "/proc") {
    case .failure(let errno):
      throw RemoteMemoryError(.list, .system, errno: errno, detail: "/proc")
    case .success(let numbers):
      return numbers.map { ProcessID($0) }.filter { Sandbox.shows($0) }
        .compactMap { ProcessSummary($0) }.filter { query?.matches($0) ?? true }
    }
  }

  /// Attaches to the process that fits a query; ourselves are left out unless asked for by number.
  /// - Throws: `ENOENT` when none fits, `EAMBIGUOUS` with the candidates when several do, and what
  ///   attaching throws: `ESRCH` for a number that nobody has.
  public static func attach(_ query: ProcessQuery, options: AttachOptions = AttachOptions())
    throws(RemoteMemoryError) -> RemoteProcess
  {
    guard let found = try find(query) else {
      if query.isNumberOnly, let id = query.id { return try attach(id, options: options) }
      throw RemoteMemoryError(
        .attach, .notFound, detail: "no process with \(query.text)")
    }
    return try attach(found, options: options)
  }

  /// Attaches as soon as a process fits, by looking every 20 ms.
  /// - Parameters:
  ///   - query: which one.
  ///   - seconds: how long to wait at most; nil for ever.
  ///   - options: as for attaching; its interruption ends the wait.
  /// - Throws: `ETIMEDOUT`, `EINTERRUPTED`, `EAMBIGUOUS`, and what attaching throws.
  public static func wait(
    for query: ProcessQuery, seconds: Double?, options: AttachOptions = AttachOptions()
  ) throws(RemoteMemoryError) -> RemoteProcess {
    let deadline = Deadline(seconds: seconds)
    while true {
      if let found = try find(query) { return try attach(found, options: options) }
      try Sandbox.check(.wait, "no process of the command line has \(query.text)")
      if options.interrupt.isInterrupted { throw RemoteMemoryError(.wait, .interrupted) }
      guard let pause = deadline.nextPoll(milliseconds: 20) else {
        throw RemoteMemoryError(.wait, .timedOut, detail: "no process with \(query.text)")
      }
      System.sleep(nanoseconds: UInt64(pause) * 1_000_000)
    }
  }

  /// The one process that fits; nil for none. A number alone needs no search, and may be a
  /// thread's.
  private static func find(_ query: ProcessQuery) throws(RemoteMemoryError) -> ProcessID? {
    if let id = query.id {
      guard id.rawValue > 0 else { return id }
      guard let process = ProcessSummary(id) else { return nil }
      var others = query
      others.id = nil
      return query.isNumberOnly || others.matches(process) ? id : nil
    }
    let found = try list(query).filter { $0.id.rawValue != System.ownPID }
    let byStart = found.sorted { ($0.startTime, $0.id) < ($1.startTime, $1.id) }
    switch query.pick {
    case .newest: return byStart.last?.id
    case .oldest: return byStart.first?.id
    case .only where byStart.count > 1:
      throw RemoteMemoryError(
        .attach, .ambiguous(byStart), detail: "\(byStart.count) processes have \(query.text)")
    case .only: return byStart.first?.id
    }
  }
}

extension ProcessQuery {
  /// Whether nothing but the number was asked.
  var isNumberOnly: Bool {
    name == nil && executable == nil && commandLine == nil && userID == nil
  }
}
