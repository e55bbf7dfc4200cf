import CProcessVM
import MemoryModel

extension SpawnedProcess {
  /// Starts a program as our child, with every signal at its default and no descriptor of ours but
  /// the three streams; corresponds to fork(2) and execvp(3). When this returns the program runs.
  /// - Throws: what execve(2) or chdir(2) said, `ENOENT` for a program that is not there; `EINVAL`
  ///   for an empty command, a zero byte in a string, and a terminal whose input or output go
  ///   elsewhere.
  public static func spawn(_ request: SpawnRequest) throws(RemoteMemoryError) -> SpawnedProcess {
    try check(request)
    try Sandbox.check(.spawn, "programs are not started")
    let streams = try ChildStreams(request)
    var raw = unsafe pvm_spawn_request()
    var directoryFailed = false
    unsafe raw.die_with_parent = request.diesWithParent
    unsafe raw.stdio = streams.childEnds
    unsafe raw.terminal = streams.terminal
    unsafe raw.most_memory = request.limits.memoryBytes
    unsafe raw.most_file_bytes = request.limits.fileBytes
    unsafe raw.most_seconds = request.limits.processorSeconds
    let pid = unsafe CStrings(request.arguments).withPointers { arguments in
      unsafe CStrings(request.environment ?? []).withPointers { environment in
        unsafe CStrings([request.directory ?? []]).withPointers { directory in
          unsafe raw.arguments = arguments
          unsafe raw.environment = request.environment == nil ? nil : environment
          unsafe raw.directory = request.directory == nil ? nil : directory[0]
          return unsafe pvm_spawn(&raw, &directoryFailed)
        }
      }
    }
    streams.closeChildEnds()
    guard let errno = Errno(result: Int(pid)) else {
      return SpawnedProcess(
        id: ProcessID(pid), input: streams.ours.0, output: streams.ours.1, error: streams.ours.2,
        isInTerminal: request.terminal != nil)
    }
    streams.closeOurEnds()
    let subject = directoryFailed ? request.directory : request.arguments.first
    throw RemoteMemoryError(
      .spawn, .system, errno: errno, detail: String(decoding: subject ?? [], as: UTF8.self))
  }

  private static func check(_ request: SpawnRequest) throws(RemoteMemoryError) {
    guard let program = request.arguments.first, !program.isEmpty else {
      throw RemoteMemoryError(.spawn, .invalid, detail: "the command is empty")
    }
    let all =
      request.arguments + (request.environment ?? []) + (request.directory.map { [$0] } ?? [])
    if all.contains(where: { $0.contains(0) }) {
      throw RemoteMemoryError(.spawn, .invalid, detail: "a zero byte in the command")
    }
    if request.terminal != nil, request.input != .inherit || request.output != .inherit {
      throw RemoteMemoryError(
        .spawn, .invalid, detail: "a child in a terminal has its input and output there")
    }
  }
}

/// The descriptors of a child's standard streams, and our ends of its pipes.
private struct ChildStreams {
  /// What becomes 0, 1 and 2 of the child.
  private(set) var childEnds: (Int32, Int32, Int32) = (-1, -1, -1)
  /// Our ends; -1 where there is no pipe.
  private(set) var ours: (Int32, Int32, Int32) = (-1, -1, -1)
  /// The child's end of its terminal; -1 where there is none.
  private(set) var terminal: Int32 = -1

  init(_ request: SpawnRequest) throws(RemoteMemoryError) {
    do throws(Errno) {
      (childEnds.0, ours.0) = try Self.stream(request.input, isInput: true)
      (childEnds.1, ours.1) = try Self.stream(request.output, isInput: false)
      (childEnds.2, ours.2) = try Self.stream(request.error, isInput: false)
      if let size = request.terminal { try addTerminal(size) }
    } catch {
      closeChildEnds()
      closeOurEnds()
      throw RemoteMemoryError(.spawn, .system, errno: error, detail: "standard streams")
    }
  }

  private static func stream(_ stream: SpawnRequest.Stream, isInput: Bool) throws(Errno) -> (
    Int32, Int32
  ) {
    switch stream {
    case .inherit: return (-1, -1)
    case .null:
      let null = System.open("/dev/null", Int32(PVM_READ_WRITE))
      if let errno = Errno(result: Int(null)) { throw errno }
      return (null, -1)
    case .file(let file):
      let copy = pvm_duplicate(file)
      if let errno = Errno(result: Int(copy)) { throw errno }
      return (copy, -1)
    case .pipe:
      var ends: [Int32] = [-1, -1]
      let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe pvm_pipe($0.baseAddress) }
      if let errno = Errno(result: Int(result)) { throw errno }
      return isInput ? (ends[0], ends[1]) : (ends[1], ends[0])
    }
  }

  /// Opens a terminal for the streams that would be inherited: input and output at least.
  private mutating func addTerminal(_ size: SpawnRequest.TerminalSize) throws(Errno) {
    var ends: [Int32] = [-1, -1]
    let result = unsafe ends.withUnsafeMutableBufferPointer {
      unsafe pvm_open_terminal(size.columns, size.rows, $0.baseAddress)
    }
    if let errno = Errno(result: Int(result)) { throw errno }
    terminal = ends[1]
    (childEnds.0, childEnds.1) = (terminal, terminal)
    if childEnds.2 < 0 { childEnds.2 = terminal }
    (ours.0, ours.1) = (pvm_duplicate(ends[0]), ends[0])
    if let errno = Errno(result: Int(ours.0)) { throw errno }
  }

  func closeChildEnds() {
    Self.close(childEnds, but: terminal)
    if terminal >= 0 { System.close(terminal) }
  }

  func closeOurEnds() { Self.close(ours) }

  private static func close(_ descriptors: (Int32, Int32, Int32), but kept: Int32 = -1) {
    for descriptor in [descriptors.0, descriptors.1, descriptors.2]
    where descriptor >= 0 && descriptor != kept {
      System.close(descriptor)
    }
  }
}

/// Byte strings as C wants them: each ended by a zero byte, the list by a null.
private struct CStrings {
  private let storage: [UInt8]
  private let offsets: [Int]

  init(_ strings: [[UInt8]]) {
    var storage: [UInt8] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(storage.count)
      storage += string + [0]
    }
    self.storage = storage
    self.offsets = offsets
  }

  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    unsafe storage.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      var pointers: [UnsafePointer<CChar>?] = unsafe offsets.map { offset in
        unsafe base.map { unsafe $0 + offset }
      }
      unsafe pointers.append(nil)
      return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
    }
  }
}
