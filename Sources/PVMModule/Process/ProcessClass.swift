import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of attached processes: what `pvm.attach` gives.
  static var processClass: ClassDeclaration {
    ClassDeclaration(
      ProcessHandle.self, "pvm.process",
      "A process whose memory is read and written, bound to one run of one program for ever; or a "
        + "snapshot of one, or a core file, which read alike and cannot be written.",
      [
        processFields, processLife, pauseMethods, patchingMethods, regionMethods, moduleMethods,
        addressMethods, symbolMethods,
        readingMethods, writingMethods,
        scalarMethods, arrayMethods, formatMethods, structMethods, viewMethods, guessMethods,
        stringMethods, vectorMethods,
        scatterMethods, pointerMethods, blockMethods, scanMethods, findMethods, regexMethods,
        loadMethods, structureMethods, watchMethods, trackMethods, freezeMethods,
        fileMethods, modifiedMethods, codeMethods,
        snapshotMethods, snapshotFields, coreMethods, coreFields,
        diffMethods, processMetamethods,
      ])
  }

  private static var processFields: [Declaration] {
    [
      .field("pid", .count("number of the process", name: "pid")) { (handle: ProcessHandle) in
        Int((handle.captured?.notes.id ?? handle.source.processID)?.rawValue ?? 0)
      },
      .field("name", .bytes("the kernel's name of it, at most 15 bytes", name: "name")) {
        (handle: ProcessHandle) in try handle.captured?.notes.nameBytes ?? handle.live().nameBytes
      },
      .field("exe", ResultType<[UInt8]>.bytes("path of the program", name: "exe").optional()) {
        (handle: ProcessHandle) in
        try handle.captured.map { $0.notes.executableBytes } ?? handle.summary()?.executableBytes
      },
      .field(
        "cmdline",
        ResultType<String>.text("the arguments, joined by spaces", name: "cmdline").optional()
      ) {
        (handle: ProcessHandle) in
        try handle.captured.map { String(decoding: $0.notes.argumentBytes, as: UTF8.self) }
          ?? handle.summary()?.commandLine
      },
      .field("args", .value("string[]", "the arguments", name: "args")) { (handle: ProcessHandle) in
        var table = LuaTable()
        let arguments =
          try handle.captured.map { captured in
            captured.notes.argumentBytes.split(separator: 0x20).map { Array($0) }
          }
          ?? handle.summary()?.arguments ?? []
        table.array = arguments.map { .bytes($0) }
        return .table(table)
      },
      .field("uid", ResultType<Int>.count("real user id", name: "uid").optional()) {
        (handle: ProcessHandle) in
        try handle.captured.map { Int($0.notes.userID) }
          ?? handle.summary()?.userID.map { Int($0) }
      },
      .field("bits", .count("32 or 64: the width of its pointers", name: "bits")) {
        (handle: ProcessHandle) in handle.source.pointerWidth.bits
      },
      .field("arch", .text("its machine: x86_64, i386, aarch64 ...", name: "arch")) {
        (handle: ProcessHandle) in try handle.captured?.notes.machine ?? handle.live().machine
      },
      .field(
        "start_time", .integer("when it started, in clock ticks since boot", name: "start_time")
      ) { (handle: ProcessHandle) in Int64(clamping: try handle.live().startTime) },
      .field("alive", .boolean("whether it still runs", name: "alive")) { (handle: ProcessHandle) in
        handle.isAlive
      },
      .field(
        "exit_status",
        .value("table?", "{code=} or {signal=}, and text; nil while it runs", name: "exit_status")
      ) { (handle: ProcessHandle) in handle.exit?.luaValue ?? .null },
      .field("read_only", .boolean("whether writes are refused", name: "read_only")) {
        (handle: ProcessHandle) in handle.process.map { $0.mode == .readOnly } ?? true
      },
      .field("dry_run", .boolean("whether writes are only pretended", name: "dry_run")) {
        (handle: ProcessHandle) in handle.process?.isPretending ?? false
      },
      .field(
        "stats", .value("table", "{calls=, bytes_read=, bytes_written=} so far", name: "stats")
      ) { (handle: ProcessHandle) in
        let statistics = handle.source.statistics
        return .table(
          LuaTable([
            ("calls", .integer(Int64(clamping: statistics.systemCalls))),
            ("bytes_read", .integer(Int64(clamping: statistics.bytesRead))),
            ("bytes_written", .integer(Int64(clamping: statistics.bytesWritten))),
          ]))
      },
    ]
  }

  private static var processMetamethods: [Declaration] {
    [
      .metamethod("__tostring", .text("one line about it")) { (_, handle: ProcessHandle) in
        let end = handle.exit.map { " (\($0))" } ?? ""
        return handle.source.label + end
      }
    ]
  }
}

extension ProcessHandle {
  /// What ps would show of it now.
  fileprivate func summary() throws -> ProcessSummary? { ProcessSummary(try live().id) }
}

extension ResultType where Value == ProcessHandle {
  /// Each holds a few descriptors, of which there are not many: so the collector takes it for heavy.
  static func process(_ note: String) -> ResultType<ProcessHandle> {
    .object(
      "pvm.process", note, name: "process",
      weight: { ($0.source as? Snapshot)?.memoryByteCount ?? 65_536 })
  }
}
