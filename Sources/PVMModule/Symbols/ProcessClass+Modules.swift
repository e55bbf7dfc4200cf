import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var moduleMethods: [Declaration] {
    [
      .method(
        "modules", "List the files that are mapped: programs, libraries and data, and the [vdso].",
        returns: .value("pvm.module[]", "in the order of addresses"),
        about: About(
          fails: accessErrors, source: ["proc_pid_maps(5)", "elf(5)"],
          example: "for _, m in ipairs(game:modules()) do print(m.name, m.size, m.path) end",
          notes: """
            The size is what the headers in memory say: bss belongs to a module, memory that merely \
            lies behind it does not. Asking often costs little: only what has changed is read again.
            """, seeAlso: ["process.module", "process.regions"])
      ) { (_, handle: ProcessHandle) in
        var list = LuaTable()
        list.array = try handle.source.moduleIndex().modules.map {
          .object(ModuleObject(handle: handle, module: $0), className: "pvm.module")
        }
        return .table(list)
      },
      .method(
        "module", "Find a module by its path, its name, the beginning of it (libc), or a pattern.",
        Parameter("name", .text, "path, base name, base name without its version, or *pattern*"),
        returns: ResultType<ModuleObject>.object("pvm.module", "nil when there is none").optional(),
        about: About(
          fails: accessErrors + ["EAMBIGUOUS"], source: ["proc_pid_maps(5)", "elf(5)"],
          example: """
            local libc = game:module("libc")
            print(libc.path, libc.arch, libc.build_id)
            for _, section in ipairs(libc.sections) do print(section.name, section.size) end
            """,
          notes: """
            The whole path goes before the name, the name before its beginning, and that before a \
            pattern with * or ?. Where several fit by the same rule, the error lists them.
            """, seeAlso: ["process.modules", "process.symbol"])
      ) { (_, handle: ProcessHandle, name: String) in
        switch try handle.source.moduleIndex().match(name) {
        case .none: return nil
        case .one(let module): return ModuleObject(handle: handle, module: module)
        case .ambiguous(let modules):
          throw AmbiguousModule(name: name, paths: modules.map(\.path))
        }
      },
    ]
  }
}

/// A module name that several modules have.
struct AmbiguousModule: ScriptError {
  let name: String
  let paths: [String]
  var code: String { "EAMBIGUOUS" }
  var message: String { "module '\(name)' may be one of \(paths.count) (EAMBIGUOUS)" }
  var hint: String? { "name one by its path: " + paths.joined(separator: ", ") }
  var fields: [(name: String, value: LuaValue)] {
    var table = LuaTable()
    table.array = paths.map { .text($0) }
    return [("candidates", .table(table))]
  }
}
