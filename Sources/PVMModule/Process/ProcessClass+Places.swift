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
            scalars, with a count for arrays, and "bytes" or text with their size in bytes.
            """, seeAlso: ["plan.read", "plan.write", "process.resolve_all"])
      ) { (_, handle: ProcessHandle, items: ScatterRequest) in
        PlanObject(
          handle: handle, plan: try ScatterPlan(items.items, for: handle.source), names: items.names
        )
      },
      .method(
        "cell", "A typed place, to read and assign by `.value`.",
        Parameter("address", .address, "first byte"),
        Parameter("type", .scalar, "what it is"),
        returns: .object("pvm.cell", "the place"),
        about: About(
          example: """
            local hp = game:cell(health, "i32")
            hp.value = hp.value + 1
            """)
      ) { (_, handle: ProcessHandle, address: Address, format: ScalarFormat) in
        CellObject(handle: handle, address: address, format: format)
      },
    ]
  }
}
