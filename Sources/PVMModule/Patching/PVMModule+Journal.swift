import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var journalFunctions: [Declaration] {
    [
      .function(
        "journals", "List the journals of changes that are on disk.",
        returns: .value(
          "table[]",
          "{path=, pid= (of the pvmlua that wrote it), running= (whether it still does), "
            + "places=, processes={ {pid=, name=}, ... }} each"),
        about: About(
          example: "for _, journal in ipairs(pvm.journals()) do print(journal.path) end",
          notes: """
            A journal is on disk while patches are enabled. One whose pvmlua does not run any more \
            was left behind when that was killed, or holds patches that were to stay (keep=true).
            """, seeAlso: ["pvm.undo"])
      ) { call in
        try Sandbox.checkFile(.journal, "the folder of journals")
        var list = LuaTable()
        list.array = LeftJournal.all(in: call.session.journalFolders).map(\.luaValue)
        return .table(list)
      },
      .function(
        "undo", "Put back what a journal says was changed, and remove it when nothing is left.",
        Parameter("path", .text, "of the journal"),
        returns: .value(
          "table[]",
          "what became of each place, the last change first: {pid=, name=, address=, size=, "
            + "outcome=\"restored\"|\"unchanged\"|\"changed\"|\"gone\"|\"failed\", why=}"),
        about: About(
          fails: ["EBUSY", "EINVAL", "ENOENT", "EPERM"], source: ["proc_pid_mem(5)"],
          example: """
            for _, journal in ipairs(pvm.journals()) do
              if not journal.running then pvm.undo(journal.path) end
            end
            """,
          notes: """
            Bytes are put back only in the same process running the same program, and only where the \
            journal's new bytes are; "changed" is a place that somebody has written since, which is \
            left alone. `pvmlua -m undo` does this and says it in words.
            """, seeAlso: ["pvm.journals"])
      ) { (call, path: String) in
        try Sandbox.checkFile(.undo, path)
        let outcomes = try LeftJournal(reading: path).undo(attach: call.session.attachOptions)
        var list = LuaTable()
        list.array = outcomes.map(\.luaValue)
        return .table(list)
      },
    ]
  }
}

extension LeftJournal {
  fileprivate var luaValue: LuaValue {
    var processes = LuaTable()
    let changed = Set(contents.open.map(\.place.process))
    processes.array = contents.processes.filter { changed.contains($0.key) }.map(\.value)
      .sorted { $0.id.rawValue < $1.id.rawValue }.map { mark in
        .table(
          LuaTable([
            ("pid", .integer(Int64(mark.id.rawValue))), ("name", .bytes(mark.nameBytes)),
          ]))
      }
    return .table(
      LuaTable([
        ("path", .text(path)), ("pid", .integer(Int64(contents.run.id.rawValue))),
        ("running", .boolean(isInUse)), ("places", .integer(Int64(contents.open.count))),
        ("processes", .table(processes)),
      ]))
  }
}

extension UndoOutcome {
  fileprivate var luaValue: LuaValue {
    let (word, why): (String, String?) =
      switch result {
      case .restored: ("restored", nil)
      case .unchanged: ("unchanged", "the old bytes were there")
      case .changed: ("changed", "something else was written there since; left as it is")
      case .gone(let why): ("gone", why)
      case .failed(let error): ("failed", error.message)
      }
    var fields: [(name: String, value: LuaValue)] = [
      ("pid", .integer(Int64(process.id.rawValue))), ("name", .bytes(process.nameBytes)),
      ("address", .integer(place.address.luaInteger)),
      ("size", .integer(Int64(place.old.count))), ("outcome", .text(word)),
    ]
    if let why { fields.append(("why", .text(why))) }
    return .table(LuaTable(fields))
  }
}
