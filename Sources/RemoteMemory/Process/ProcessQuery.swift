public import MemoryModel

/// Which process is meant. What is nil asks nothing; everything else must hold.
public struct ProcessQuery: Sendable {
  /// Which of several processes that fit is meant.
  public enum Pick: Hashable, Sendable {
    /// The only one; several are an error that lists them.
    case only
    /// The one that started last.
    case newest
    /// The one that started first.
    case oldest
  }

  /// The number of the process or of one of its threads.
  public var id: ProcessID?
  /// The kernel's name, or the last part of the program's path or of the first argument; exactly.
  public var name: String?
  /// The program: its whole path, or the last part of it.
  public var executable: String?
  /// A test of the command line, which is given as raw bytes with spaces between the arguments.
  public var commandLine: (@Sendable ([UInt8]) -> Bool)?
  /// The real user id.
  public var userID: UInt32?
  /// Which one of several.
  public var pick: Pick
  /// What the caller asked for, in words, for messages; made from the criteria when nil.
  public var label: String?

  /// A query; by default every process fits.
  public init(
    id: ProcessID? = nil, name: String? = nil, executable: String? = nil,
    commandLine: (@Sendable ([UInt8]) -> Bool)? = nil, userID: UInt32? = nil, pick: Pick = .only,
    label: String? = nil
  ) {
    self.id = id
    self.name = name
    self.executable = executable
    self.commandLine = commandLine
    self.userID = userID
    self.pick = pick
    self.label = label
  }

  /// The criteria in words.
  var text: String {
    if let label { return label }
    let parts = [
      id.map { "number \($0)" }, name.map { "name \"\($0)\"" },
      executable.map { "program \"\($0)\"" },
      userID.map { "user \($0)" }, commandLine == nil ? nil : "that command line",
    ]
    let text = parts.compactMap { $0 }.joined(separator: ", ")
    return text.isEmpty ? "any process" : text
  }

  /// Whether a process fits; kernel threads and zombies never do, since they have no memory.
  public func matches(_ process: ProcessSummary) -> Bool {
    guard !process.isKernelThread, !process.state.hasEnded else { return false }
    if let id, process.id != id { return false }
    if let userID, process.userID != userID { return false }
    if let name, !process.isNamed(Array(name.utf8)) { return false }
    if let executable, !process.runs(Array(executable.utf8)) { return false }
    if let commandLine, !commandLine(Array(process.arguments.joined(separator: [32]))) {
      return false
    }
    return true
  }
}

extension ProcessSummary {
  /// Whether this is its kernel name, or the last part of its program's path or of its first
  /// argument.
  func isNamed(_ name: [UInt8]) -> Bool {
    if nameBytes == name { return true }
    if let path = executableBytes, Self.lastPart(path).elementsEqual(name) { return true }
    return arguments.first.map { Self.lastPart($0).elementsEqual(name) } ?? false
  }

  /// Whether this is its program's path or the last part of it.
  func runs(_ program: [UInt8]) -> Bool {
    guard let path = executableBytes else { return false }
    return path == program || Self.lastPart(path).elementsEqual(program)
  }

  /// What follows the last slash, without the mark of a deleted file.
  private static func lastPart(_ path: [UInt8]) -> ArraySlice<UInt8> {
    let mark = Array(" (deleted)".utf8)
    let whole = path.suffix(mark.count).elementsEqual(mark) ? path.dropLast(mark.count) : path[...]
    return whole.lastIndex(of: UInt8(ascii: "/")).map { whole[($0 + 1)...] } ?? whole
  }
}
