import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var processFunctions: [Declaration] {
    [
      .function(
        "attach", "Attach to a process: nothing happens to it, and nothing in it.",
        Parameter("which", .query, "pid, name, or {pid=, name=, exe=, cmdline=, uid=, pick=}"),
        attachOptions,
        returns: .process("bound to this run of this program"),
        about: About(
          fails: ["ESRCH", "ENOENT", "EPERM", "EAMBIGUOUS"],
          source: ["ptrace(2)", "pidfd_open(2)"],
          example: "local same = pvm.attach(game.pid)",
          notes: """
            The criteria: `name` is the kernel's name or the last part of the program's path, exactly; \
            `exe` the program's path or its last part; `cmdline` text found in the command line, or a \
            pattern with * and ?; `uid` the real user; `newest=true` or `oldest=true` choose among \
            several. Without them several fitting processes are an error that lists them. A thread's \
            number works as its process's does.
            """, seeAlso: ["pvm.ps", "pvm.wait", "pvm.spawn"])
      ) { (call, query: ProcessQuery, rights: WriteRights) in
        ProcessHandle(
          try RemoteProcess.attach(query, options: call.session.options(rights)),
          confirmation: rights.confirmation)
      },
      .function(
        "wait", "Wait for a process to appear, and attach to it.",
        Parameter("which", .query, "as for attach"),
        Parameter.optional("timeout", .seconds, "how long at most; for ever when left out"),
        attachOptions,
        returns: .process("bound to this run of this program"),
        about: About(
          fails: ["ETIMEDOUT", "EINTERRUPTED", "EPERM", "EAMBIGUOUS"],
          example: "local same = pvm.wait(game.pid, 5)", seeAlso: ["pvm.attach"])
      ) { (call, query: ProcessQuery, timeout: Double?, rights: WriteRights) in
        let session = call.session
        let process = try RemoteProcess.wait(
          for: query, seconds: timeout, options: session.options(rights))
        try session.tellOfExits(call)
        return ProcessHandle(process, confirmation: rights.confirmation)
      },
      .function(
        "spawn", "Start a program as our child and attach to it.",
        Parameter("command", .command, "{program, argument, ...}; the program is sought in PATH"),
        spawnOptions,
        returns: .process("the child"),
        about: About(
          fails: ["ENOENT", "EACCES", "EINVAL"], source: ["execve(2)", "pipe(2)"],
          example: """
            local child = pvm.spawn{"sleep", "60"}
            print(child.alive)  --> true
            child:kill()
            print(child:wait_exit(5).text)  --> was ended by signal 15
            """,
          notes: "A child may be read also where Yama's scope 1 forbids it for strangers.",
          seeAlso: ["process.kill", "process.send", "process.receive_line", "process.wait_exit"])
      ) { (call, command: [[UInt8]], options: SpawnOptions) in
        try spawn(
          options.request(for: command), call.session.options(options.rights), options.rights)
      },
      .function(
        "ps", "List processes.",
        Parameter<ProcessQuery?>.optional("which", .query, "as for attach; all when left out"),
        returns: .value(
          "table[]",
          "{pid=, ppid=, name=, exe=, cmdline=, uid=, user=, threads=, state=, start_time=}"
        ),
        about: About(
          fails: ["ENOENT"], source: ["proc(5)"],
          example: #"for _, p in ipairs(pvm.ps{name="pvm-target"}) do print(p.pid, p.cmdline) end"#)
      ) { (_, query: ProcessQuery?) in
        var list = LuaTable()
        list.array = try RemoteProcess.list(query).map(\.luaValue)
        return .table(list)
      },
    ]
  }

  private static var attachOptions: Parameter<WriteRights> {
    Parameter<(Bool, Bool, KeptFunction?)>.options("how to attach", readOnly, dryRun, confirm)
      .map(WriteRights.init)
  }

  private static var readOnly: Parameter<Bool> {
    Parameter("read_only", .boolean, "refuse all writes", default: false)
  }

  private static var dryRun: Parameter<Bool> {
    Parameter(
      "dry_run", .boolean, "only pretend to write; reads show what would be there", default: false)
  }

  private static var confirm: Parameter<KeptFunction?> {
    .optional(
      "confirm", .function(signature: "fun(write: table): boolean"),
      "asked before every write, patch and freeze: {process=, pid=, name=, address=, size=, old=, "
        + "new=, purpose=}; false or nil refuses it (EREFUSED), and an error becomes that of the write"
    )
  }

  private static var spawnOptions: Parameter<SpawnOptions> {
    Parameter<
      (
        [[UInt8]]?, [UInt8]?, String, String, String, SpawnRequest.TerminalSize?, Bool, Bool, Bool,
        KeptFunction?
      )
    >.options(
      "how to start it",
      .optional("env", .environment, "{NAME=value}; the whole environment. Ours when left out"),
      .optional("cwd", ArgumentType<[UInt8]>.bytes, "the folder to start in"),
      Parameter<String>("stdin", .stream, "where its input comes from", default: "inherit"),
      Parameter<String>("stdout", .stream, "where its output goes", default: "inherit"),
      Parameter<String>("stderr", .stream, "where its errors go", default: "inherit"),
      Parameter<SpawnRequest.TerminalSize?>(
        "terminal", .terminalSize,
        "run it in a terminal of its own, true or {columns=80, rows=24}: `send` types there, "
          + "`receive` gives what is shown",
        default: nil, "false"),
      Parameter<Bool>("die_with_us", .boolean, "kill it when we end", default: false),
      readOnly, dryRun, confirm
    ).map(SpawnOptions.init)
  }

  /// A child may have ended already. One that cannot be attached is not left behind.
  private static func spawn(
    _ request: SpawnRequest, _ options: AttachOptions, _ rights: WriteRights
  ) throws -> ProcessHandle {
    let child = try SpawnedProcess.spawn(request)
    do {
      return ProcessHandle(
        try RemoteProcess.attach(child.id, options: options), child: child,
        confirmation: rights.confirmation)
    } catch let error where error.code == "ESRCH" && hasEnded(child) {
      return ProcessHandle(ended: child)
    } catch {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 5)
      throw error
    }
  }

  /// Memory goes a moment before the status can be had.
  private static func hasEnded(_ child: SpawnedProcess) -> Bool {
    (try? child.waitForExit(seconds: 1)) != nil
  }
}

/// What a script may do to a process it attaches to.
struct WriteRights {
  let isReadOnly, isDryRun: Bool
  /// Who is asked before each write.
  let confirmation: Confirmation?

  init(_ isReadOnly: Bool, _ isDryRun: Bool, _ confirm: KeptFunction?) {
    self.isReadOnly = isReadOnly
    self.isDryRun = isDryRun
    confirmation = confirm.map(Confirmation.init)
  }
}

extension Session {
  /// What the command line forbids, a script cannot allow itself.
  func options(_ rights: WriteRights) -> AttachOptions {
    var options = attachOptions
    if rights.isDryRun, options.mode == .readWrite { options.mode = .pretend }
    if rights.isReadOnly { options.mode = .readOnly }
    options.oversight.approve = rights.confirmation?.approve
    return options
  }
}
