import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Comparing, and putting back.
  static var diffMethods: [Declaration] {
    [
      .method(
        "diff", "Tell what is not the same in this memory, the earlier, and another, the later.",
        Parameter("with", .object("pvm.process"), "a process, a snapshot or a core file"),
        DiffSettings.parameter,
        returns: diffs("what has changed"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(health, game:read_i32(health) - 5)
            local d = before:diff(game, {type="i32"})
            print(d:at(health).new - d:at(health).old)  --> -5
            print(#d:decreased_by(5) >= 1, #d:increased():where{module="pvm-target"} >= 0)
            """,
          notes: """
            A live process is read and compared block by block, and what has changed of it is kept; \
            where the two lie at different addresses it is captured first. What only one of the two \
            holds is not compared but counted in `stats`. Without `type` single bytes are compared; `d:ranges()` gives runs of them. With align="modules" two processes, or two \
            runs of a program, can be compared although all lies elsewhere: by path and place in the \
            module, heap, stack, and the rest by its order. Addresses are always those of the later \
            memory.
            """, seeAlso: ["process.snapshot", "process.restore", "diff.minus", "diff.hits"])
      ) { (call, handle: ProcessHandle, other: ProcessHandle, settings: DiffSettings) in
        try call.diff(handle, other, settings)
      },
      .method(
        "restore", "Put memory back as it was: write old bytes where they differ, and check them.",
        Parameter("to", .restorable, "a snapshot or core file of this process, or a diff"),
        restoreOptions,
        returns: restored,
        about: About(
          fails: scanErrors + ["EREADONLY", "EREFUSED"], source: ["proc_pid_mem(5)"],
          example: """
            local before = game:snapshot{perms="rw"}
            local value = game:read_i32(health)
            game:write_i32(health, value + 1)
            local d = before:diff(game, {type="i32", range={health, health + 4}})
            local outcomes, written = game:restore(d)
            print(game:read_i32(health) == value, written)  --> true 1
            """,
          notes: """
            Of a diff only its cells are put back, so that filters say what. Every mapping has an \
            outcome; those that are gone, cannot be written or are changed again by the process at \
            once have an `error`. Pause the process where a mixture of old and new would hurt it. What \
            neither then nor now was ever written is not looked at.
            """, seeAlso: ["process.diff", "process.apply", "process.snapshot"])
      ) {
        (_, handle: ProcessHandle, to: Restorable, options: RestoreOptions) -> (LuaValue, Int) in
        let process = try handle.writable(.restore)
        switch to {
        case .memory(let memory):
          return PVMModule.outcomes(
            try process.restore(from: memory.source, in: options.filter, options: options.write))
        case .diff(let object):
          let diff = try object.diff.inRegions(options.filter)
          return PVMModule.outcomes(try process.restore(diff, options: options.write))
        }
      },
      .method(
        "apply", "Write what a diff's cells have in its later memory, where they differ.",
        Parameter("changes", .object("pvm.diff"), "the cells"),
        restoreOptions,
        returns: restored,
        about: About(
          fails: scanErrors + ["EREADONLY", "EREFUSED"], source: ["proc_pid_mem(5)"],
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(health, 7)
            local d = before:diff(game, {type="i32", range={health, health + 4}})
            game:restore(d)
            game:apply(d)
            print(game:read_i32(health))  --> 7
            """,
          notes: "A diff as a patch: `restore` takes it back.", seeAlso: ["process.restore"])
      ) {
        (_, handle: ProcessHandle, object: DiffObject, options: RestoreOptions) -> (LuaValue, Int)
        in
        let diff = try object.diff.inRegions(options.filter)
        return PVMModule.outcomes(
          try handle.writable(.restore).apply(diff, options: options.write))
      },
    ]
  }

  private static var restored: ResultType<(LuaValue, Int)> {
    .values(
      .value(
        "table[]",
        "of each mapping {address=, size=, region=, changed=, written=, unreadable=, error=}",
        name: "outcomes"),
      .count("how many bytes were written", name: "written"))
  }

  private static var restoreOptions: Parameter<RestoreOptions> {
    Parameter<(RegionFilter, Bool)>.optionGroups(
      "where", .regionFilter("where; by default everywhere"),
      Parameter<Bool>.options(
        "how",
        Parameter<Bool>(
          "shared", .boolean, "also memory that is shared with a file, which changes the file",
          default: false))
    ).map(RestoreOptions.init)
  }

  private static func outcomes(_ outcomes: [RestoreOutcome]) -> (LuaValue, Int) {
    var list = LuaTable()
    list.array = outcomes.map(\.luaValue)
    let written = outcomes.reduce(UInt64(0)) { $0 &+ $1.writtenBytes }
    return (.table(list), Int(clamping: written))
  }

  /// A result that is a diff.
  static func diffs(_ note: String) -> ResultType<DiffObject> {
    .object("pvm.diff", note, name: "diff", weight: { $0.diff.hits.memoryByteCount })
  }
}

/// Where and how old bytes are put back.
struct RestoreOptions {
  let filter: RegionFilter
  let write: WriteOptions

  init(_ filter: RegionFilter, _ takesShared: Bool) {
    self.filter = filter
    write = WriteOptions(sharedFile: takesShared)
  }
}

/// What can be put back.
enum Restorable {
  case memory(ProcessHandle)
  case diff(DiffObject)
}

extension ArgumentType where Value == Restorable {
  /// A snapshot, a core file, or a diff.
  static var restorable: ArgumentType<Restorable> {
    ArgumentType("snapshot, core file or diff", annotation: "pvm.process|pvm.diff") { call, index in
      if let diff = try? ArgumentType<DiffObject>.object("pvm.diff").read(call, index) {
        return .diff(diff)
      }
      let handle = try ArgumentType<ProcessHandle>.object("pvm.process").read(call, index)
      guard handle.captured != nil else {
        throw ArgumentMismatch("snapshot or diff expected, got \(handle.source.label)")
      }
      return .memory(handle)
    }
  }
}

extension RestoreOutcome {
  fileprivate var luaValue: LuaValue {
    .table(
      LuaTable([
        ("address", .integer(range.start.luaInteger)),
        ("size", .integer(Int64(clamping: range.count))),
        ("region", .object(RegionObject(region), className: "pvm.region")),
        ("changed", .integer(Int64(clamping: differingBytes))),
        ("written", .integer(Int64(clamping: writtenBytes))),
        ("unreadable", .integer(Int64(clamping: unreadableBytes))),
        ("error", failure.map { .text($0.message) } ?? .null),
      ]))
  }
}

extension ProcessHandle {
  /// The live process to write to; what does not change says so.
  fileprivate func writable(_ operation: RemoteMemoryError.Operation) throws -> RemoteProcess {
    if captured != nil {
      throw RemoteMemoryError(operation, .readOnly, detail: "\(source.label) does not change")
    }
    return try live()
  }
}

extension Call {
  /// Compares two memories; what lives is captured first.
  fileprivate func diff(
    _ one: ProcessHandle, _ two: ProcessHandle, _ settings: DiffSettings
  ) throws -> DiffObject {
    let watch = SearchWatch(self, settings.work.progress)
    let outcome = Result { () throws -> DiffObject in
      let before = try one.still(for: two, settings)
      let (found, after) = try two.compared(with: before, settings, settings.options(watch.look))
      var diff = found
      if let least = settings.cells.leastChange {
        diff = try diff.keeping(atLeast: least, progress: watch.look)
      }
      return DiffObject(
        before: before, after: after, live: after === two ? nil : two, diff: diff)
    }
    try watch.finish()
    let object = try outcome.get()
    if !object.diff.hits.outcome.isComplete, session.isInteractive { host.forgiveInterrupt() }
    return object
  }
}

extension ProcessHandle {
  /// This memory if it does not change, or else a snapshot of what of it can be compared with a later
  /// memory.
  fileprivate func still(for later: ProcessHandle, _ settings: DiffSettings) throws
    -> ProcessHandle
  {
    if captured != nil { return self }
    var filter = settings.filter
    if filter.permissions == nil { filter.permissions = PermissionFilter(required: .read) }
    // A range is one of the later memory's addresses.
    if settings.cells.alignment != .address { filter.range = nil }
    let taken = try Snapshot.capture(try live(), taking(filter, for: later, settings))
    note(taken)
    return ProcessHandle(taken)
  }

  /// What in this memory, the later, is not as it was; and this memory as it was found.
  fileprivate func compared(
    with before: ProcessHandle, _ settings: DiffSettings, _ options: DiffOptions
  ) throws -> (Diff, after: ProcessHandle) {
    guard captured == nil, let held = before.captured else {
      return (try Diff.compare(before.source, source, options), self)
    }
    let process = try live()
    var filter = settings.filter
    if filter.permissions == nil { filter.permissions = PermissionFilter(required: .read) }
    // Filters may hold for the other alone; what that holds decides then.
    if settings.cells.alignment == .address {
      if settings.filter != RegionFilter(range: settings.filter.range) {
        filter = RegionFilter(
          permissions: PermissionFilter(required: .read), range: settings.filter.range)
      }
      filter.exclusions += try process.regionMap().excluding(AddressRanges(held.captured))
    }
    let diff = try Diff.compare(
      held, live: process, options, taking: taking(filter, for: before, settings))
    guard let taken = diff.after as? Snapshot else { return (diff, self) }
    if !taken.keepsChangesOnly { note(taken) }
    return (diff, ProcessHandle(taken))
  }

  private func taking(
    _ filter: RegionFilter, for other: ProcessHandle, _ settings: DiffSettings
  ) -> SnapshotOptions {
    SnapshotOptions(
      scope: ScanScope(filter: filter), base: (other.source as? Snapshot) ?? latestSnapshot,
      pausing: settings.work.pauses, threads: settings.work.threads,
      budget: settings.work.memory.map { MemoryBudget(limit: $0) } ?? .standard)
  }
}

extension RegionMap {
  /// What of the readable mappings is not among some bytes, as ranges to leave out; none where that
  /// are too many to be worth it.
  fileprivate func excluding(_ held: AddressRanges) -> [RegionFilter.Exclusion] {
    let readable = AddressRanges(
      regions.lazy.filter { $0.permissions.contains(.read) }.map(\.range))
    let others = readable.subtracting(held).ranges
    return others.count > 512 ? [] : others.map { .range($0) }
  }
}
