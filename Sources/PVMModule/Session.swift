import LuaHost
import MemoryModel
public import RemoteMemory

/// What holds for every process a script attaches to: set by the command line before it runs.
public final class Session {
  /// Whether anything may be written at all. The core itself refuses, not only the module.
  public var mode: AccessMode
  /// The path of the bundled target, where it is known; `pvm.target_path()` gives it to examples.
  public var targetPath: String?
  /// Whether a person types at a prompt: Ctrl-C then ends a search and keeps what it found.
  public var isInteractive = false
  /// Tells a person how far a search is; nil progress: it has ended. Nil where nobody looks.
  public var tellOfProgress: ((ScanProgress?) -> Void)?
  /// Tells a person something once, such as what a search left out. Nil where nobody looks.
  public var tell: ((String) -> Void)?
  /// Told of every write that was pretended, from any thread. Nil where nobody looks.
  public var tellOfPretended: (@Sendable (ProposedWrite) -> Void)?
  /// Told once a process, before the first write to it, from any thread. Nil where nobody looks.
  public var tellOfFirstWrite: (@Sendable (RemoteProcess) -> Void)?
  /// Where `hits:json("-")` and its like write: the standard output.
  public var output: (([UInt8]) throws -> Void)?
  /// The folders in which journals of changes are kept.
  public var journalFolders: [String] = []
  /// The manual of what is installed, made when it is first asked for.
  lazy var manual = Manual(PVMModule.declaration, codes: PVMModule.errorCodes)
  /// Children that were started, and processes somebody wants to hear the end of.
  var watched: [ProcessHandle] = []
  /// The freezes a script started, until they end.
  var freezes: [FreezeObject] = []
  /// The types that scripts declared.
  var declarations = CDeclarations()
  /// Timers and tasks.
  let schedule = Schedule()

  public init(mode: AccessMode = .readWrite, targetPath: String? = nil) {
    self.mode = mode
    self.targetPath = targetPath
  }

  /// Ends all freezes, and takes everything back that was changed and is not to stay. To be called
  /// when the last script has ended; again is harmless.
  /// - Returns: what could not be taken back, in words, a line each.
  public static func finish() -> [String] {
    FreezeTable.releaseAll()
    return ActivePatches.restoreAll().map { patch, error in
      "patch \"\(patch.name)\" could not be taken back: \(error.message)"
    }
  }

  /// How processes are attached in this session: long operations end with Ctrl-C.
  public var attachOptions: AttachOptions {
    var options = AttachOptions(mode: mode, interrupt: InterruptCheck { LuaState.isInterrupted })
    options.oversight.tellOfPretended = tellOfPretended
    options.oversight.tellOfFirst = tellOfFirstWrite
    return options
  }
}

extension Call {
  /// The session of the state that this call runs in.
  var session: Session {
    if let session = host.context as? Session { return session }
    let session = Session()
    host.context = session
    return session
  }
}
