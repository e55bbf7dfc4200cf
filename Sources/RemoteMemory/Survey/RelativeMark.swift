import MemoryModel

/// By what the relatives of a process are told from strangers.
struct RelativeMark {
  enum Relation { case related, unrelated, absent }

  private let id: ProcessID
  private let stackStart: UInt64
  private let isForkOnly: Bool
  /// The user it runs as, when it cannot become another one; nil when it can.
  private let user: UInt32?
  /// Whether every relative there can be would be seen, and known as one.
  let canBeCompared: Bool

  init?(_ process: RemoteProcess) {
    let thread = ProcessID(process.route.thread)
    guard case .success(let own) = ProcessStat.current(process.id, thread: thread) else {
      return nil
    }
    id = process.id
    stackStart = own.stackStart
    isForkOnly = own.isForkOnly
    user = Self.fixedUser(process.id)
    // Ancestors may live outside our own namespace; and with hidepid nobody else is seen.
    canBeCompared =
      own.stackStart > 1 && Self.seesEverybody && (!own.isForkOnly || Self.isInFirstNamespace)
  }

  /// Whether another process may have memory in common with this one.
  func relation(to other: ProcessID) -> Relation {
    guard other != id else { return .unrelated }
    let stat: ProcessStat
    switch ProcessStat.current(other) {
    case .success(let found): stat = found
    case .failure(.noSuchFile), .failure(.noSuchProcess): return .absent
    case .failure: return .related
    }
    if stat.isKernelThread || stat.state.hasEnded && stat.threadCount < 2 { return .unrelated }
    if stat.stackStart > 0 {
      return stat.stackStart == stackStart && !isOwnThread(other) ? .related : .unrelated
    }
    // Without memory; or hidden from us, or with other threads left than the first.
    if stat.codeStart == 0, !stat.state.hasEnded { return .unrelated }
    return isForkOnly || stat.isForkOnly && !isOtherUser(other) ? .related : .unrelated
  }

  private func isOwnThread(_ other: ProcessID) -> Bool {
    if case .success = ProcessStat.current(id, thread: other) { return true }
    return false
  }

  private func isOtherUser(_ other: ProcessID) -> Bool {
    guard let user, let theirs = (try? ProcessStatus.current(other).get())?.user else {
      return false
    }
    return theirs.real != user
  }

  /// The one user a process and what it forks can run as.
  private static func fixedUser(_ id: ProcessID) -> UInt32? {
    guard let status = try? ProcessStatus.current(id).get(), let user = status.user,
      user.real == user.effective, user.real == user.saved, status.permittedCapabilities == 0
    else { return nil }
    return user.real
  }

  /// Whether no process is hidden from us by the option hidepid of proc(5).
  private static var seesEverybody: Bool {
    if case .success = ProcessStat.current(ProcessID(1)) { return true }
    return false
  }

  /// Whether our own pid_namespaces(7) is the first one, which has no other around it.
  private static let isInFirstNamespace =
    (try? ProcFile.link("/proc/self/ns/pid").get()) == Array("pid:[4026531836]".utf8)

  /// Whether KSM holds pages of the process in common with others.
  static func hasMergedPages(_ id: ProcessID) -> Bool {
    switch ProcFile.bytes("/proc/\(id)/ksm_merging_pages", limit: 64) {
    case .success(let text): text.first != UInt8(ascii: "0")
    case .failure(.noSuchFile): false
    case .failure: true
    }
  }
}
