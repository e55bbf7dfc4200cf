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
        "nop", "Prepare a patch that has instructions do nothing.",
        Parameter("address", .address, "first byte of the first one"),
        Parameter(
          "count", ArgumentType<Int>.count("count", from: 1, upTo: 1000), "how many instructions",
          default: 1),
        NopSettings.parameter,
        returns: .object("pvm.patch", "not enabled yet"),
        about: About(
          fails: patchErrors + ["EINVAL", "ENOTSUP"], source: ["proc_pid_mem(5)"],
          example: """
            local patch = game:nop(take_damage_sub)
            print(patch.places[1].bytes)
            patch:enable()
            patch:disable()
            """,
          notes: """
            The library capstone tells how long the instructions are (the trait Disassembly). They \
            are replaced by the longest ones that do nothing.
            """, seeAlso: ["process.patch", "process.disassemble"])
      ) { (_, handle: ProcessHandle, address: Address, count: Int, settings: NopSettings) in
        let object = PatchObject(
          handle: handle, patch: try settings.patch(handle, address, count))
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

/// What a patch of nothing is called, and what becomes of it.
private struct NopSettings {
  let name: String?
  let isKept: Bool

  static var parameter: Parameter<NopSettings> {
    Parameter<(String?, Bool)>.options(
      "its name and end",
      .optional("name", .text, "what it is called in lists and messages"),
      Parameter<Bool>("keep", .boolean, "it stays when this program ends", default: false)
    ).map(NopSettings.init)
  }

  func patch(_ handle: ProcessHandle, _ address: Address, _ count: Int) throws -> Patch {
    let process = try handle.live()
    let set = try handle.instructions()
    let size = try process.instructionBytes(at: address, count: count, as: set)
    guard let nops = set.nops(size) else {
      throw RemoteMemoryError(.patch, .unsupported, process: process.id, address: address)
    }
    let edit = PatchEdit(at: address, replacement: try BytePattern(nops))
    return try Patch(
      name ?? "nop at \(address)", [edit], of: process,
      options: PatchOptions(isForced: true, isKept: isKept))
  }
}
