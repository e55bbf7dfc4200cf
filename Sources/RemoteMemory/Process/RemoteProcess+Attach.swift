import CProcessVM
public import MemoryModel

/// What attaching found, before it is a `RemoteProcess`.
struct AttachedParts {
  let id: ProcessID
  let task: ProcessStat
  let thread: ProcessID
  let format: ELFIdentity?
  let processDescriptor: Int32
  let memory: MemoryFile
  let maps: Int32
}

/// A descriptor of /proc/PID/mem, or why there is none.
struct MemoryFile {
  let descriptor: Int32
  let isWritable: Bool
  let errno: Errno?

  /// Opens it for reading and writing, or for reading only where that is all we may.
  static func open(_ process: ProcessID, thread: ProcessID, mode: AccessMode) -> MemoryFile {
    let path = "/proc/\(process)/task/\(thread)/mem"
    let both = mode == .readWrite ? System.open(path, Int32(PVM_READ_WRITE)) : -13
    if both >= 0 { return MemoryFile(descriptor: both, isWritable: true, errno: nil) }
    let one = System.open(path)
    return MemoryFile(
      descriptor: max(one, -1), isWritable: false, errno: Errno(result: Int(one < 0 ? one : both)))
  }
}

extension RemoteProcess {
  /// Attaches to the process with this number, or the process of the thread with this number.
  ///
  /// Nothing happens in the target. Needs the right to trace it, as ptrace(2) describes under
  /// `PTRACE_MODE_ATTACH_REALCREDS`.
  /// - Parameters:
  ///   - id: the number of a process or of one of its threads; above 0.
  ///   - options: mode, limits and interruption.
  /// - Throws: `ESRCH` when it is not there, a zombie or a kernel thread; `EPERM` with the reason
  ///   when refused.
  public static func attach(_ id: ProcessID, options: AttachOptions = AttachOptions())
    throws(RemoteMemoryError) -> RemoteProcess
  {
    guard id.rawValue > 0 else {
      throw RemoteMemoryError(
        .attach, .invalid, process: id, detail: "a process number is above 0, got \(id)")
    }
    if let granted = try Sandbox.grant(id) { return try granted.another(options) }
    for _ in 0..<4 {
      let process = RemoteProcess(try parts(of: leader(of: id, options), options), options: options)
      if try process.isWhole() { return process }
      process.close()
    }
    throw RemoteMemoryError(.attach, .replaced, process: id)
  }

  /// The process a thread belongs to.
  private static func leader(of id: ProcessID, _ options: AttachOptions) throws(RemoteMemoryError)
    -> ProcessID
  {
    switch ProcessStatus.current(id) {
    case .success(let status): return status.processID ?? id
    case .failure(.noSuchFile), .failure(.noSuchProcess):
      // With hidepid the folder is missing although the process is there.
      if exists(id) { throw RemoteMemoryError.denied(.attach, id, .accessDenied, options.evidence) }
      throw RemoteMemoryError(.attach, .absent, process: id, errno: .noSuchProcess)
    case .failure(let errno):
      throw RemoteMemoryError(.attach, .system, process: id, errno: errno)
    }
  }

  /// Whether the number is in use, asked of the kernel and not of /proc.
  private static func exists(_ id: ProcessID) -> Bool {
    let descriptor = System.pidfdOpen(id.rawValue)
    if descriptor >= 0 { System.close(descriptor) }
    return descriptor >= 0
  }

  /// Opens everything. What is opened first, the pidfd, is what all else is checked against.
  private static func parts(of id: ProcessID, _ options: AttachOptions) throws(RemoteMemoryError)
    -> AttachedParts
  {
    let usesDescriptor = !options.without.contains(.processDescriptor)
    let descriptor = usesDescriptor ? System.pidfdOpen(id.rawValue) : -1
    do throws(RemoteMemoryError) {
      let (task, thread) = try livingThread(of: id)
      try probe(id, thread: thread, options)
      let memory =
        options.without.contains(.memoryFile)
        ? MemoryFile(descriptor: -1, isWritable: false, errno: .accessDenied)
        : MemoryFile.open(id, thread: thread, mode: options.mode)
      let maps = System.open("/proc/\(id)/task/\(thread)/maps")
      return AttachedParts(
        id: id, task: task, thread: thread,
        format: ELFIdentity.current(id) ?? ELFIdentity.current(nil),
        processDescriptor: descriptor, memory: memory, maps: maps)
    } catch {
      if descriptor >= 0 { System.close(descriptor) }
      throw error
    }
  }

  /// The first thread, or another one when the first has ended while others go on.
  private static func livingThread(of id: ProcessID) throws(RemoteMemoryError) -> (
    ProcessStat, ProcessID
  ) {
    guard case .success(let task) = ProcessStat.current(id) else {
      throw RemoteMemoryError(.attach, .absent, process: id, errno: .noSuchProcess)
    }
    guard task.state.hasEnded else { return (task, id) }
    guard let thread = ProcessStat.liveThreads(of: id).first else {
      throw RemoteMemoryError(.attach, .zombie, process: id, errno: .noSuchProcess)
    }
    return (task, thread)
  }

  /// Asks for one byte, because a call that moves nothing is never checked by the kernel.
  private static func probe(_ id: ProcessID, thread: ProcessID, _ options: AttachOptions)
    throws(RemoteMemoryError)
  {
    var byte: UInt8 = 0
    let result = unsafe System.readRange(thread.rawValue, &byte, 1, 0)
    switch Errno(result: result) {
    case nil, .badAddress?: return
    case .noSuchProcess?: throw absence(of: id)
    case .notPermitted?, .noSuchCall?, .accessDenied?:
      throw RemoteMemoryError.denied(
        .attach, id, Errno(result: result) ?? .notPermitted, options.evidence)
    case let errno?: throw RemoteMemoryError(.attach, .system, process: id, errno: errno)
    }
  }

  /// Why a process that is listed has no memory.
  private static func absence(of id: ProcessID) -> RemoteMemoryError {
    guard case .success(let task) = ProcessStat.current(id) else {
      return RemoteMemoryError(.attach, .absent, process: id, errno: .noSuchProcess)
    }
    return RemoteMemoryError(
      .attach, task.state.hasEnded ? .zombie : .kernelThread, process: id, errno: .noSuchProcess)
  }

  /// Whether all that was opened belongs to one address space: an execve(2) may have come in
  /// between.
  private func isWhole() throws(RemoteMemoryError) -> Bool {
    if processDescriptor.isOpen, System.poll(processDescriptor.value, milliseconds: 0) != 0 {
      throw RemoteMemoryError(.attach, .gone(exitStatus), process: id, errno: .noSuchProcess)
    }
    if memory.isOpen, !memoryIsAlive { return false }
    if maps.isOpen, !mapsAreAlive { return false }
    return true
  }
}

extension RemoteMemoryError {
  /// A refusal with its reason.
  static func denied(
    _ operation: Operation, _ process: ProcessID, _ errno: Errno, _ source: any AccessEvidenceSource
  ) -> RemoteMemoryError {
    let diagnosis = AccessDiagnosis(source.evidence(for: process, errno: errno))
    return RemoteMemoryError(operation, .denied(diagnosis), process: process, errno: errno)
  }
}
