import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var watchFunctions: [Declaration] {
    [
      .function(
        "watch", "Watch typed places, perhaps of several processes, from one moment to the next.",
        Parameter(
          "places", .table, "{ name = cell, other = {process, address, type [, count]}, ... }"),
        returns: .object(
          "pvm.watcher", "already read once", name: "watcher",
          weight: { $0.watch.memoryByteCount }),
        about: About(
          fails: watchErrors, source: ["process_vm_readv(2)"],
          example: """
            local w = pvm.watch{ hp=game:cell(health, "i32"), name={game, name_utf8, "cstr", 32} }
            game:write_i32(health, 75)
            if w:update() and w:fell("hp") then print(w.name, w.old.hp - w.hp) end  --> Zoë Starfall 25
            """, notes: watchNotes, seeAlso: ["watcher.update", "process.watch", "process.scatter"])
      ) { (_, places: LuaValue) in try WatcherObject(watched(places, in: nil)) }
    ]
  }

  static var watchMethods: [Declaration] {
    [
      .method(
        "watch", "Watch typed places of this process from one moment to the next.",
        Parameter("places", .table, "{ name = {address, type [, count]}, other = cell, ... }"),
        returns: .object(
          "pvm.watcher", "already read once", name: "watcher",
          weight: { $0.watch.memoryByteCount }),
        about: About(
          fails: watchErrors, source: ["process_vm_readv(2)"],
          example: """
            local w = game:watch{ gold={gold, "i32"}, hp={{root, 0x10, 0x8, 0}, "i32"} }
            game:write_i32(gold, 260)
            w:update()
            print(w:rose("gold"), w.old.gold, w.gold, w.hp)  --> true 250 260 100
            """, notes: watchNotes, seeAlso: ["pvm.watch", "watcher.update"])
      ) { (_, handle: ProcessHandle, places: LuaValue) in
        try WatcherObject(watched(places, in: handle))
      }
    ]
  }

  private static var watchErrors: [String] { accessErrors + ["EINVAL", "E2BIG", "ENOMEM"] }

  private static let watchNotes = """
    A place is a cell, or a hit of a search, or a table as `scatter` takes it; with {base, offset, ...} \
    or a path (pvm.path, or its text) for its address it lies at the end of pointers, which are \
    followed anew each time. \
    Snapshots and files can be watched too, but do not change.
    """

  private static func watched(_ places: LuaValue, in handle: ProcessHandle?) throws -> WatchRequest
  {
    guard case .table(let table) = places else { throw ArgumentMismatch("table expected") }
    do { return try WatchRequest(table, in: handle) } catch let mismatch as ArgumentMismatch {
      throw ScriptFailure.badArgument(handle == nil ? 1 : 2, mismatch.reason)
    }
  }
}
