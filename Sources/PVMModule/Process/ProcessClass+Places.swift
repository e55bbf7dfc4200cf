import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var scatterMethods: [Declaration] {
    [
      .method(
        "scatter", "Plan the reading and writing of many typed places, once.",
        Parameter("items", .scatterItems, "{ {address, type [, count]}, name = {...}, ... }"),
        returns: .object("pvm.plan", "to be read and written as often as wanted"),
        about: About(
          fails: ["EINVAL", "E2BIG", "ECLOSED"], source: ["process_vm_readv(2)"],
          example: """
            local plan = game:scatter{ hp={health,"i32"}, pos={pos,"f32",3}, name={name_utf8,"cstr",32} }
            local v = plan:read()
            print(v.hp, v.pos[1], v.name)
            """,
          notes: """
            Neighbours are read as one range and up to 1024 ranges by one system call. Types are \
            scalars, with a count for arrays, and "bytes" or text with their size in bytes. \
            An address may be a path, which is followed anew at each reading and writing.
            """, seeAlso: ["plan.read", "plan.write", "process.resolve_all", "pvm.path"])
      ) { (_, handle: ProcessHandle, items: ScatterRequest) in
        try PlanObject(handle: handle, items)
      },
      .method(
        "cell", "A typed place, to read and assign by `.value`.",
        Parameter(
          "place", .cellPlace,
          "first byte, or a path to it, which is followed at each use; with no type a variable"),
        Parameter.optional("type", .scalar, "what it is; nil: as debug information says"),
        Parameter<Double>.options(
          "for a path",
          Parameter<Double>(
            "hold", .seconds, "seconds for which the address found is believed", default: 0)),
        returns: .object("pvm.cell", "the place"),
        about: About(
          fails: accessErrors + ["ENOENT", "EAMBIGUOUS", "EFAULT", "EINVAL"],
          example: """
            local hp = game:cell(health, "i32")
            hp.value = hp.value + 1
            local same = game:cell(string.format("[[[%#x]+0x10]+8]", root), "i32")
            print(same.value == hp.value)  --> true
            """,
          notes: """
            A path is an expression or a pvm.path. `hold=0.016` follows it once a tick of a game, and \
            anew when the time is up. Freezing takes the address it leads to at that moment.

            `game:cell("hero.health")` takes address and type from the debug information (DWARF) of the \
            program; see `variable` for how parts of a variable are named.
            """, seeAlso: ["pvm.path", "process.variable"])
      ) {
        (_, handle: ProcessHandle, place: CellPlace, format: ScalarFormat?, seconds: Double) in
        try place.cell(format, in: handle, holdSeconds: seconds)
      },
    ]
  }
}
