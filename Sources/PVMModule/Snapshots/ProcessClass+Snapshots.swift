import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var snapshotMethods: [Declaration] {
    [
      .method(
        "snapshot", "Copy what the process holds at this moment.",
        snapshotOptions,
        returns: .process("the snapshot; it reads like the process and never changes"),
        about: About(
          fails: scanErrors + ["ETIMEDOUT"],
          source: ["process_vm_readv(2)", "ioctl_pagemap_scan", "ptrace(2)"],
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(health, game:read_i32(health) + 1)
            print(game:read_i32(health) - before:read_i32(health), before.kind)  --> 1 snapshot
            """,
          notes: """
            Takes all that can be read without harm, unless `perms` and its like choose. Pages nobody \
            ever wrote are not stored and read as zeroes, equal pages are stored once, and pages still \
            equal to those of the snapshot taken before of this process are shared with it, as long as \
            a script holds that. The process goes on meanwhile, so pages are of different moments, \
            unless `paused=true` freezes it. What could not be read is in `holes`. Every function that \
            reads, scans and finds works on a snapshot.
            """, seeAlso: ["process.diff", "process.save", "process.pause", "pvm.open"])
      ) { (call, handle: ProcessHandle, settings: SnapshotSettings) in
        ProcessHandle(try capture(call, handle, settings))
      }
    ]
  }

  /// Takes a snapshot with its progress told; it is the base of the next one.
  static func capture(
    _ call: borrowing Call, _ handle: ProcessHandle, _ settings: SnapshotSettings
  ) throws -> Snapshot {
    let watch = SearchWatch(call, settings.work.progress)
    var options = settings.options
    if options.base == nil { options.base = handle.latestSnapshot }
    options.progress = watch.look
    let outcome = Result { try Snapshot.capture(handle.source, options) }
    try watch.finish()
    let taken = try outcome.get()
    handle.note(taken)
    return taken
  }

  static var snapshotOptions: Parameter<SnapshotSettings> {
    Parameter<(RegionFilter, SnapshotWork)>.optionGroups(
      "what to take and how", .regionFilter("what to take; by default all that can be read"),
      SnapshotWork.parameter
    ).map(SnapshotSettings.init)
  }

  static var snapshotFields: [Declaration] {
    [
      .field("kind", .text("process, snapshot or core", name: "kind")) { (handle: ProcessHandle) in
        handle.kind
      },
      .field(
        "captured_at",
        ResultType<Double>.number("when it was taken, in seconds since 1970; nil when it lives")
          .optional()
      ) { (handle: ProcessHandle) in handle.captured?.captureTime ?? nil },
      .field(
        "cost",
        .value(
          "table?",
          "what a snapshot took: {bytes_read=, bytes_stored=, bytes_shared=, bytes_zero=, "
            + "bytes_unreadable=, regions=, seconds=, paused_seconds=, threads=, memory=, disk=}",
          name: "cost")
      ) { (handle: ProcessHandle) in (handle.source as? Snapshot)?.costValue ?? .null },
      .field(
        "holes",
        .value("table[]", "what a snapshot could not read: {address=, size=} each", name: "holes")
      ) { (handle: ProcessHandle) in
        var list = LuaTable()
        list.array = ((handle.source as? Snapshot)?.holes ?? []).map { hole in
          .table(
            LuaTable([
              ("address", .integer(hole.start.luaInteger)),
              ("size", .integer(Int64(clamping: hole.count))),
            ]))
        }
        return .table(list)
      },
    ]
  }
}

extension Snapshot {
  fileprivate var costValue: LuaValue {
    func count(_ number: UInt64) -> LuaValue { .integer(Int64(clamping: number)) }
    return .table(
      LuaTable([
        ("bytes_read", count(cost.bytesRead)), ("bytes_stored", count(cost.bytesStored)),
        ("bytes_shared", count(cost.bytesShared)), ("bytes_zero", count(cost.bytesZero)),
        ("bytes_unreadable", count(cost.bytesUnreadable)),
        ("regions", .integer(Int64(cost.regions))), ("seconds", .number(cost.seconds)),
        ("paused_seconds", .number(cost.pausedSeconds)),
        ("threads", .integer(Int64(cost.threads))),
        ("memory", .integer(Int64(memoryByteCount))), ("disk", .integer(Int64(diskByteCount))),
      ]))
  }
}
