/// A program to be started.
public struct SpawnRequest: Hashable, Sendable {
  /// Where a standard stream of the child goes.
  public enum Stream: Hashable, Sendable {
    /// Where ours goes.
    case inherit
    /// `/dev/null`.
    case null
    /// To and from us, by a pipe.
    case pipe
    /// An open file of ours, by its descriptor, which stays open.
    case file(Int32)
  }

  /// The program and its arguments, raw bytes without zero bytes; the first is looked up in PATH
  /// unless it has a slash.
  public var arguments: [[UInt8]]
  /// The whole environment as `NAME=value`; nil for ours.
  public var environment: [[UInt8]]?
  /// The folder to start in; nil for ours.
  public var directory: [UInt8]?
  /// Standard input; default inherited.
  public var input: Stream = .inherit
  /// Standard output; default inherited.
  public var output: Stream = .inherit
  /// Standard error; default inherited.
  public var error: Stream = .inherit
  /// The size of a pseudo-terminal for the child to run in, pty(7): what we send is typed there, and
  /// what is shown comes to us as its output. Input and output are then to be left as they are, and
  /// errors are shown too unless they go elsewhere. Nil for none.
  public var terminal: TerminalSize?
  /// Whether the child is killed when the thread that started it ends; default false. See prctl(2),
  /// PR_SET_PDEATHSIG.
  public var diesWithParent = false
  /// What it may use at most; by default as much as we. See setrlimit(2).
  public var limits = Limits()

  /// What a child may use at most; 0 stands for our own limit. One that has limits leaves no core
  /// file.
  public struct Limits: Hashable, Sendable {
    /// Bytes of memory, `RLIMIT_AS`.
    public var memoryBytes: UInt64 = 0
    /// Bytes of a file that it writes, `RLIMIT_FSIZE`.
    public var fileBytes: UInt64 = 0
    /// Seconds of a processor, `RLIMIT_CPU`.
    public var processorSeconds: UInt64 = 0

    /// Our own limits.
    public init() {}
  }

  /// A size in characters.
  public struct TerminalSize: Hashable, Sendable {
    /// How many fit a line.
    public var columns: UInt16
    /// How many lines there are.
    public var rows: UInt16

    /// A size; 80 by 24 unless it is said.
    public init(columns: UInt16 = 80, rows: UInt16 = 24) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// A program with inherited streams, environment and folder.
  public init(_ arguments: [[UInt8]]) { self.arguments = arguments }

  /// A program with inherited streams, environment and folder.
  public init(_ arguments: [String]) { self.arguments = arguments.map { Array($0.utf8) } }
}
