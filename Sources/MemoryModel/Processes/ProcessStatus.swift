/// What `/proc/PID/status` says of a process or thread, proc_pid_status(5). What the kernel does
/// not say is nil.
public struct ProcessStatus: Hashable, Sendable {
  /// The real, effective, saved and file-system number of a user or group.
  public struct Identity: Hashable, Sendable {
    /// Who started it.
    public let real: UInt32
    /// Whose rights it has.
    public let effective: UInt32
    /// Whose rights it can take back.
    public let saved: UInt32
    /// Whose rights it has for files.
    public let fileSystem: UInt32

    /// The four numbers.
    public init(real: UInt32, effective: UInt32, saved: UInt32, fileSystem: UInt32) {
      self.real = real
      self.effective = effective
      self.saved = saved
      self.fileSystem = fileSystem
    }
  }

  /// The name, with a newline and a backslash escaped by the kernel.
  public let nameBytes: [UInt8]?
  /// The state.
  public let state: ProcessState?
  /// The number of the process the thread belongs to.
  public let processID: ProcessID?
  /// The number of the parent.
  public let parent: ProcessID?
  /// Who traces it; nil when nobody does.
  public let tracer: ProcessID?
  /// The user.
  public let user: Identity?
  /// The group.
  public let group: Identity?
  /// How many threads it has.
  public let threadCount: Int?
  /// The capabilities in force, one bit each, capabilities(7).
  public let effectiveCapabilities: UInt64?
  /// The capabilities it may put in force.
  public let permittedCapabilities: UInt64?
  /// Whether execve(2) can no longer add rights.
  public let hasNoNewPrivileges: Bool?
  /// How system calls are filtered: 0 not, 1 strict, 2 by a program; seccomp(2).
  public let seccompMode: Int?
  /// Its numbers in each nested namespace, ours first.
  public let namespaceIDs: [ProcessID]

  /// Reads the text of the file. Lines it does not know, or cannot read, are passed over.
  public init(_ text: [UInt8]) {
    var fields: [[UInt8]: ArraySlice<UInt8>] = [:]
    for line in text.split(separator: 0x0A) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      fields[Array(line[..<colon])] = line[(colon &+ 1)...].drop { $0 == 0x09 || $0 == 0x20 }
    }
    func field(_ name: StaticString) -> ArraySlice<UInt8>? {
      fields[name.withUTF8Buffer { Array($0) }]
    }
    nameBytes = field("Name").map { Array($0) }
    state = field("State")?.first.map(ProcessState.init(letter:))
    processID = field("Tgid").flatMap(ProcessID.init(decimal:))
    parent = field("PPid").flatMap(ProcessID.init(decimal:))
    tracer = field("TracerPid").flatMap(ProcessID.init(decimal:)).flatMap {
      $0.rawValue == 0 ? nil : $0
    }
    user = field("Uid").flatMap(Identity.init)
    group = field("Gid").flatMap(Identity.init)
    threadCount = field("Threads").flatMap { Int(decimal: $0) }
    effectiveCapabilities = field("CapEff").flatMap { UInt64(hexadecimal: $0) }
    permittedCapabilities = field("CapPrm").flatMap { UInt64(hexadecimal: $0) }
    hasNoNewPrivileges = field("NoNewPrivs").flatMap { Int(decimal: $0) }.map { $0 != 0 }
    seccompMode = field("Seccomp").flatMap { Int(decimal: $0) }
    namespaceIDs = (field("NSpid") ?? []).split(separator: 0x09).compactMap(
      ProcessID.init(decimal:))
  }
}

extension ProcessStatus.Identity {
  /// Four numbers with tabs between them.
  fileprivate init?(_ text: ArraySlice<UInt8>) {
    let numbers = text.split { $0 == 0x09 || $0 == 0x20 }.compactMap { UInt32(decimal: $0) }
    guard numbers.count == 4 else { return nil }
    self.init(
      real: numbers[0], effective: numbers[1], saved: numbers[2], fileSystem: numbers[3])
  }
}

extension ProcessID {
  /// A number in decimal.
  fileprivate init?(decimal text: ArraySlice<UInt8>) {
    guard let number = Int32(decimal: text) else { return nil }
    self.init(number)
  }
}
