import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var coreFunctions: [Declaration] {
    [
      .function(
        "open",
        "Open a core file: memory that reads like the process it was taken from; or a program's file.",
        Parameter(
          "path", .path, "of an ELF core, ours, the kernel's or gcore's; or of a program or library"
        ),
        Parameter<Bool>.options(
          "how to read",
          Parameter(
            "files", .boolean,
            "read what the core leaves out of programs and libraries from the same builds on disk",
            default: true)),
        returns: .process("the memory; it never changes"),
        about: About(
          fails: ["EINVAL", "ENOENT", "EACCES"], source: ["core(5)"],
          example: """
            local path = os.tmpname()
            game:save(path, {perms="rw"})
            local core = pvm.open(path)
            print(core:read_i32(health) == game:read_i32(health), core.kind)  --> true core
            os.remove(path)
            """,
          notes: """
            Only headers and notes are read at first, so a file may be larger than memory. What is cut \
            off a truncated file, and what nobody has, are holes. Everything that reads, scans, finds \
            and compares works as on a process; `core.files` says which files were taken from disk.

            A program or library reads as its segments lie in the file, at the addresses it gives \
            itself, before anything is linked: enough to find code and constants without a process.
            """, seeAlso: ["process.save", "process.snapshot", "process.diff"])
      ) { (call, path: String, files: Bool) in
        let interrupt = call.session.attachOptions.interrupt
        if let program = try ProgramMemory.open(path: path, interrupt: interrupt) {
          return ProcessHandle(program)
        }
        return ProcessHandle(
          try CoreFile.open(
            path: path,
            options: CoreOptions(
              readsMappedFiles: files, interrupt: interrupt)))
      }
    ]
  }

  static var coreMethods: [Declaration] {
    [
      .method(
        "save", "Write memory to an ELF core file, which gdb and others open too.",
        Parameter("path", .path, "where to; a file of that name is replaced when all is written"),
        snapshotOptions,
        returns: .count("how many bytes of memory the file holds", name: "bytes"),
        about: About(
          fails: scanErrors + ["ETIMEDOUT", "EACCES", "ENOENT", "ENOSPC"],
          source: ["core(5)", "gcore(1)"],
          example: """
            local path = os.tmpname()
            game:save(path, {paused=true})
            print(pvm.open(path):module("pvm-target").base == module)  --> true
            os.remove(path)
            """,
          notes: """
            A live process is written straight from its memory while it goes on; with `paused=true`, \
            `base` or `memory` it is captured first, as by `snapshot`. Of a snapshot or core the \
            options but `progress` are refused. Registers are in it only with `paused=true`. Pages of \
            zeroes take no room on disk. Nothing is left behind when it does not succeed.
            """, seeAlso: ["pvm.open", "process.snapshot", "process.dump"])
      ) { (call, handle: ProcessHandle, path: String, settings: SnapshotSettings) in
        if handle.captured != nil, !settings.isPlain {
          throw ArgumentMismatch(
            "\(handle.source.label) is saved as it is: only progress can be given")
        }
        let captured =
          settings.needsCapture && handle.captured == nil
          ? try capture(call, handle, settings) : handle.captured
        let watch = SearchWatch(call, settings.work.progress)
        let outcome = Result {
          if let captured { return try captured.saveCore(to: path, progress: watch.look) }
          let options = settings.options
          return try handle.live().saveCore(
            to: path, options.scope, threads: options.threads, progress: watch.look)
        }
        try watch.finish()
        return Int(clamping: try outcome.get().bytesWritten)
      }
    ]
  }

  static var coreFields: [Declaration] {
    [
      .field(
        "files",
        .value(
          "table[]", "of a core, the mapped files it does not hold: {path=, found=, text=} each",
          name: "files")
      ) { (handle: ProcessHandle) in
        var list = LuaTable()
        list.array = ((handle.source as? CoreFile)?.mappedFiles ?? []).map { file in
          .table(
            LuaTable([
              ("path", .text(file.path)), ("found", .boolean(file.outcome == .same)),
              ("text", .text("\(file)")),
            ]))
        }
        return .table(list)
      },
      .field(
        "truncated", .boolean("whether a core is shorter than it says", name: "truncated")
      ) { (handle: ProcessHandle) in (handle.source as? CoreFile)?.isTruncated ?? false },
    ]
  }
}
