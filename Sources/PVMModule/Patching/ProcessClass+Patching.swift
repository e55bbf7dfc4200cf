import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var patchingMethods: [Declaration] {
    [
      .method(
        "patch", "Prepare a change that can be made and taken back.",
        PatchRequest.parameter,
        returns: .object("pvm.patch", "not enabled yet"),
        about: About(
          fails: patchErrors + ["ENOENT", "EAMBIGUOUS"],
          source: ["proc_pid_mem(5)"],
          example: """
            local patch = game:patch{
              name="no damage", at=take_damage_sub, expect="29 f0", bytes="90 90", code=true,
            }
            patch:enable()
            print(patch)
            patch:disable()
            """,
          notes: """
            Every place is looked for and checked at once, and nothing is written: `find` has to \
            meet as many places as `matches` says, `expect` has to be there, and the process has to \
            be able to write there, unless `code=true` allows what it cannot. Places that are given \
            in `edits` change together: all of them, or none.

            What is enabled when the script ends, by its end, an error, Ctrl-C or os.exit, is taken \
            back, unless it says `keep=true`. For the case that pvmlua itself is killed there is a \
            journal; `pvmlua -m undo` reads it.

            Bytes of code become copies of the process's own: the file on disk, and other processes \
            that run it, stay as they are.
            """, seeAlso: ["patch.enable", "process.patches", "process.write"])
      ) { (_, handle: ProcessHandle, request: PatchRequest) in
        let object = PatchObject(handle: handle, patch: try request.make(in: handle))
        handle.note(object)
        return object
      },
      .method(
        "patches", "List the patches of this process that are enabled, or that a script holds.",
        returns: .value("pvm.patch[]", "in the order in which they were made"),
        about: About(
          example: "for _, patch in ipairs(game:patches()) do print(patch) end",
          seeAlso: ["process.patch"])
      ) { (_, handle: ProcessHandle) in
        var list = LuaTable()
        list.array = handle.patches.map { .object($0, className: "pvm.patch") }
        return .table(list)
      },
    ]
  }
}
