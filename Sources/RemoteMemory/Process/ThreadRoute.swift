import MemoryModel
import Synchronization

/// The thread by whose number process_vm_readv(2) reaches a process.
///
/// The process's own number works until its first thread ends by pthread_exit(3); then another
/// thread's must be used, and watched, because a thread's number can be given away while the
/// process lives.
struct ThreadRoute: ~Copyable, Sendable {
  let process: ProcessID
  let usesDescriptor: Bool
  private let number: Atomic<Int32>
  private let startTime: Atomic<UInt64>
  private let descriptor: Descriptor

  init(process: ProcessID, thread: ProcessID, without: Set<KernelFeature>) {
    self.process = process
    usesDescriptor = without.isDisjoint(with: [.threadDescriptor, .processDescriptor])
    number = Atomic(process.rawValue)
    startTime = Atomic(0)
    descriptor = Descriptor(-1)
    if thread != process { use(thread) }
  }

  /// The number to give to the kernel.
  @inline(__always) var thread: Int32 { number.load(ordering: .relaxed) }

  /// Whether the number is still that of the thread it was chosen for. Always so for the process's
  /// own number.
  var isStanding: Bool {
    let thread = self.thread
    if thread == process.rawValue { return true }
    if descriptor.isOpen { return System.poll(descriptor.value, milliseconds: 0) == 0 }
    guard case .success(let task) = ProcessStat.current(process, thread: ProcessID(thread)) else {
      return false
    }
    return task.startTime == startTime.load(ordering: .relaxed) && !task.state.hasEnded
  }

  /// Changes over to a thread that lives; false when there is none.
  func changeOver() -> Bool {
    for thread in ProcessStat.liveThreads(of: process) where use(thread) { return true }
    return false
  }

  func close() { descriptor.close() }

  /// Notes a thread and what it can be recognised by. PIDFD_THREAD is O_EXCL.
  @discardableResult
  private func use(_ thread: ProcessID) -> Bool {
    if thread == process {
      number.store(thread.rawValue, ordering: .relaxed)
      return true
    }
    descriptor.replace(
      by: usesDescriptor ? System.pidfdOpen(thread.rawValue, flags: 0o200) : -1)
    guard case .success(let task) = ProcessStat.current(process, thread: thread) else {
      return false
    }
    startTime.store(task.startTime, ordering: .relaxed)
    number.store(thread.rawValue, ordering: .relaxed)
    return true
  }
}
