import MemoryModel
import Synchronization

/// Whether anybody may share memory with a process until one of them writes to it.
///
/// Only processes that came from each other by fork(2), without an execve(2) since, do; and pages
/// merged by KSM. Most processes have no such relative, and then nothing needs to be asked page by
/// page. Relatives are known by the start of the stack, which the kernel draws at each execve and a
/// fork keeps. New ones are noticed by the last process number given away, looked at every quarter
/// of a millisecond by one thread at a time, so that a fork in the middle of a scan is seen after a
/// few MiB at most.
final class ForkRelatives: Sendable {
  /// For how long an answer holds, in nanoseconds.
  private static let lifetime: UInt64 = 250_000

  private let deadline = Atomic<UInt64>(0)
  private let answer = Atomic<Bool>(true)
  private let search = Mutex(RelativeSearch())

  /// Whether memory of the process may be shared; true also when that is not known yet.
  /// - Parameters:
  ///   - byteCount: how much is about to be read. For little it is not worth looking at all
  ///     processes.
  ///   - spanCount: in how many ranges.
  @inline(__always)
  func mayExist(
    of process: RemoteProcess, beforeReading byteCount: Int, in spanCount: Int = 1
  ) -> Bool {
    let now = System.clock
    if now < deadline.load(ordering: .acquiring) { return answer.load(ordering: .relaxed) }
    return look(process, byteCount + spanCount * Self.spanBytes, now)
  }

  /// A call of its own costs about as much as reading so many bytes.
  private static let spanBytes = 4096

  private func look(_ process: RemoteProcess, _ byteCount: Int, _ now: UInt64) -> Bool {
    let found = search.withLockIfAvailable { search -> Bool in
      guard let found = search.look(process, byteCount, now: now) else { return true }
      answer.store(found, ordering: .relaxed)
      deadline.store(System.clock &+ Self.lifetime, ordering: .releasing)
      return found
    }
    // While another thread looks, what it found last holds once more as long: to read with care
    // takes much longer, and huge pages always would be.
    return found
      ?? (now >= deadline.load(ordering: .acquiring) &+ Self.lifetime
        || answer.load(ordering: .relaxed))
  }
}

/// What a search for relatives found out, and goes on from.
private struct RelativeSearch {
  /// How long a look at all processes is relied on, how long a new number may have no process yet,
  /// and how many new numbers are looked at one by one.
  private static let fullLifetime: UInt64 = 1_000_000_000
  private static let birthTime: UInt64 = 20_000_000
  private static let mostNewcomers = 64
  /// How many bytes are read with care before all processes are looked at.
  private static let carefulBytes = 16 << 20

  private var deadline: UInt64 = 0
  private var bytesLeft = carefulBytes
  private var lastNumber: Int32 = -1
  private var relatives: [ProcessID] = []
  private var unborn: [(id: ProcessID, deadline: UInt64)] = []
  private var own: RelativeMark?
  private var hasMergedPages = false

  /// Whether there may be relatives; nil when it is not yet worth knowing.
  mutating func look(_ process: RemoteProcess, _ byteCount: Int, now: UInt64) -> Bool? {
    let number = process.without.contains(.lastProcessNumber) ? nil : System.lastProcessNumber
    guard let number else { return true }
    if now >= deadline {
      guard byteCount > bytesLeft else {
        bytesLeft -= byteCount
        return nil
      }
      lookAtAll(process, number, now)
    } else if number != lastNumber {
      let count = Int(number) - Int(lastNumber)
      if count > 0, count <= Self.mostNewcomers {
        for newcomer in (lastNumber + 1)...number { note(ProcessID(newcomer), now) }
        lastNumber = number
      } else {
        lookAtAll(process, number, now)
      }
    }
    return mayShare(now)
  }

  private mutating func mayShare(_ now: UInt64) -> Bool {
    guard let own, own.canBeCompared, !hasMergedPages else { return true }
    let waiting = unborn
    unborn = []
    for child in waiting where child.deadline > now { note(child.id, child.deadline, own) }
    // One that still is there is enough to know.
    while let last = relatives.last {
      if own.relation(to: last) == .related { return true }
      relatives.removeLast()
    }
    return !unborn.isEmpty
  }

  private mutating func note(_ id: ProcessID, _ now: UInt64) {
    if let own { note(id, now &+ Self.birthTime, own) }
  }

  private mutating func note(_ id: ProcessID, _ deadline: UInt64, _ own: RelativeMark) {
    switch own.relation(to: id) {
    case .related: relatives.append(id)
    case .absent: if !OwnThreads.contains(id.rawValue) { unborn.append((id, deadline)) }
    case .unrelated: break
    }
  }

  private mutating func lookAtAll(_ process: RemoteProcess, _ number: Int32, _ now: UInt64) {
    lastNumber = number
    deadline = now &+ Self.fullLifetime
    bytesLeft = Self.carefulBytes
    relatives = []
    unborn = []
    own = RelativeMark(process)
    hasMergedPages = RelativeMark.hasMergedPages(process.id)
    guard let own, own.canBeCompared,
      case .success(let numbers) = ProcFile.numbers(in: "/proc")
    else {
      self.own = nil
      return
    }
    for id in numbers where own.relation(to: ProcessID(id)) == .related {
      relatives.append(ProcessID(id))
    }
  }
}
