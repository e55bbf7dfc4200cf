import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static let patchErrors = writeErrors + ["EMISMATCH", "EBUSY", "ENOSPC", "ETIMEDOUT"]

  /// The class of patches: what `game:patch` gives.
  static var patchClass: ClassDeclaration {
    ClassDeclaration(
      PatchObject.self, "pvm.patch",
      "Bytes of a process that are changed together and put back together. What a script leaves "
        + "enabled is put back when it ends, however it ends.",
      [patchFields, patchMethods])
  }

  private static var patchFields: [Declaration] {
    [
      .field("name", .text("what it is called", name: "name")) { (object: PatchObject) in
        object.patch.name
      },
      .field("enabled", .boolean("whether it was enabled and not disabled since")) {
        (object: PatchObject) in object.patch.isEnabled
      },
      .assignment(
        "enabled", .boolean, "true enables it, false disables it", about: About(fails: patchErrors)
      ) {
        (object: PatchObject, isWanted: Bool) in try object.setEnabled(isWanted)
      },
      .field(
        "status",
        .text(
          "\"off\"; \"on\"; \"changed\": enabled, and something else was written there since; "
            + "\"gone\": the process has ended", name: "status")
      ) { (object: PatchObject) in object.status },
      .field(
        "places",
        .value("table[]", "{address=, size=, bytes=, expect=} each, patterns as text")
      ) { (object: PatchObject) in object.places },
      .field("keep", .boolean("whether it stays when this program ends")) {
        (object: PatchObject) in object.patch.options.isKept
      },
      .field("code", .boolean("whether it may change what the process itself cannot write")) {
        (object: PatchObject) in object.patch.options.isForced
      },
      .metamethod("__tostring", .text("its name, place and status")) { (_, object: PatchObject) in
        object.description
      },
    ]
  }

  private static var patchMethods: [Declaration] {
    [
      .method(
        "enable", "Make the change: at all its places, or at none.",
        returns: .object("pvm.patch", "the same patch"),
        about: About(
          fails: patchErrors, source: ["proc_pid_mem(5)", "ptrace(2)"],
          example: """
            local patch = game:patch{at=health, value=999, type="i32"}
            patch:enable()
            print(game:read_i32(health), patch.enabled)  --> 999 true
            patch:disable()
            """,
          notes: """
            The old bytes are in the journal, on disk, before one is changed. Then the bytes are \
            looked at once more, written, and read back; what fails in between puts back what was \
            written, and the error says so. Nothing happens when it is enabled already.

            With `stop` (a patch of code does it by itself) all threads stand still meanwhile, and \
            it waits up to half a second for a moment in which none is inside the bytes. Callers \
            that are still to return into them are not noticed.
            """, seeAlso: ["patch.disable", "process.patch"])
      ) { (_, object: PatchObject) in
        try object.patch.enable()
        return object
      },
      .method(
        "disable", "Put the old bytes back.",
        returns: .object("pvm.patch", "the same patch"),
        about: About(
          fails: patchErrors, source: ["proc_pid_mem(5)"],
          example: """
            local patch = game:patch{at=gold, value=5, type="i32"}:enable()
            patch:disable()
            print(patch.status)  --> off
            """,
          notes: """
            A place where something else was written since is left as it is, and raises EMISMATCH \
            when the others are back. Nothing happens when it is not enabled.
            """, seeAlso: ["patch.enable"])
      ) { (_, object: PatchObject) in
        try object.patch.disable()
        return object
      },
      .method(
        "toggle", "Enable it if it is disabled, and disable it if it is enabled.",
        returns: .boolean("whether it is enabled now"),
        about: About(
          fails: patchErrors,
          example: """
            local patch = game:patch{at=gold, value=5, type="i32"}
            print(patch:toggle(), patch:toggle())  --> true false
            """)
      ) { (_, object: PatchObject) in
        try object.setEnabled(!object.patch.isEnabled)
        return object.patch.isEnabled
      },
    ]
  }
}
