import CProcessVM
public import MemoryModel
import Synchronization

/// What this program may still do once it runs scripts from strangers: for all of it, for ever.
///
/// What is refused is refused here, with words that a script's user understands. Behind that a filter
/// of system calls (seccomp) refuses the same, and the rest, to whatever does not ask here.
public enum Sandbox {
  /// The processes that may be read and written, as they were attached before; nil: not closed.
  private static let granted = Mutex<[RemoteProcess]?>(nil)
  private static let closed = Atomic(false)

  /// Whether it is closed.
  public static var isClosed: Bool { closed.load(ordering: .acquiring) }

  /// Closes it around some processes.
  ///
  /// Patches keep their journal, which is made now: afterwards no file can be.
  /// - Parameter processes: attached; nothing else can be from now on, and these only with what they
  ///   were attached with.
  /// - Throws: `ENOTSUP` where the kernel has no such filter; what the journal's file system says.
  public static func close(around processes: [RemoteProcess]) throws(RemoteMemoryError) {
    var copies: [RemoteProcess] = []
    for process in processes { copies.append(try process.another(process.attachOptions)) }
    if !processes.isEmpty { try Journal.ours.prepare() }
    try confine(to: copies)
    granted.withLock { $0 = copies }
    closed.store(true, ordering: .releasing)
  }

  private static func confine(to processes: [RemoteProcess]) throws(RemoteMemoryError) {
    // The first thread's number is the process's; memory is read by another's once that has ended.
    let numbers = Set(processes.flatMap { [$0.id.rawValue, $0.route.thread] })
    let threads = numbers.map { UInt32(bitPattern: $0) }
    let result = unsafe threads.withUnsafeBufferPointer { threads in
      var rules = unsafe pvm_confinement()
      unsafe rules.processes = threads.baseAddress
      unsafe rules.process_count = threads.count
      unsafe rules.removable = Journal.ours.fixedPath?.pointer
      return unsafe pvm_confine(&rules)
    }
    guard let errno = Errno(result: Int(result)) else { return }
    throw RemoteMemoryError(
      .open, .unsupported, errno: errno,
      detail: "this kernel has no filter for system calls (seccomp): \(errno.text)")
  }

  // MARK: Questions

  /// Throws when it is closed and this would reach beyond it.
  /// - Parameter what: what is refused, such as "writing the file x".
  static func check(
    _ operation: RemoteMemoryError.Operation, _ what: @autoclosure () -> String
  ) throws(RemoteMemoryError) {
    guard isClosed else { return }
    throw RemoteMemoryError(operation, .sandboxed, detail: what())
  }

  /// The same for files that a script names.
  public static func checkFile(_ operation: RemoteMemoryError.Operation, _ path: String)
    throws(RemoteMemoryError)
  {
    try check(operation, "files are out of reach, and so is \(path)")
  }

  /// The process of a number, where only some may be attached; nil: any may.
  static func grant(_ id: ProcessID) throws(RemoteMemoryError) -> RemoteProcess? {
    guard isClosed else { return nil }
    let found = granted.withLock { $0?.first { $0.id == id } }
    if let found { return found }
    throw RemoteMemoryError(
      .attach, .sandboxed, process: id, detail: "process \(id) was not named on the command line")
  }

  /// Throws for a process that cannot be attached.
  public static func checkReach(of id: ProcessID) throws(RemoteMemoryError) { _ = try grant(id) }

  /// Whether a process may be seen.
  static func shows(_ id: ProcessID) -> Bool {
    guard isClosed else { return true }
    return granted.withLock { $0?.contains { $0.id == id } ?? false }
  }
}

extension RemoteProcess {
  /// What it was attached with.
  fileprivate var attachOptions: AttachOptions {
    var options = AttachOptions(mode: mode, limits: limits, interrupt: interrupt)
    options.oversight = oversight
    options.without = without
    options.evidence = evidence
    return options
  }

  /// The same process once more, with descriptors of its own that are copies: nothing is opened.
  func another(_ options: AttachOptions) throws(RemoteMemoryError) -> RemoteProcess {
    guard case .success(let task) = ProcessStat.current(id), task.startTime == startTime else {
      throw RemoteMemoryError(.attach, .absent, process: id, errno: .noSuchProcess)
    }
    let file = MemoryFile(
      descriptor: Self.duplicate(memory.value), isWritable: memoryIsWritable, errno: memoryErrno)
    let process = RemoteProcess(
      AttachedParts(
        id: id, task: task, thread: ProcessID(route.thread),
        format: ELFIdentity.current(id) ?? ELFIdentity.current(nil),
        processDescriptor: Self.duplicate(processDescriptor.value), memory: file,
        maps: Self.duplicate(maps.value)),
      options: options)
    if process.checkIdentity() == .lost { throw process.lost(.attach, at: nil) }
    return process
  }

  private static func duplicate(_ descriptor: Int32) -> Int32 {
    descriptor >= 0 ? max(pvm_duplicate(descriptor), -1) : -1
  }
}
