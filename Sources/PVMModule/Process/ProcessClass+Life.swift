import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var processLife: [Declaration] {
    [
      .close(
        "Give the process back: its descriptors are closed. It runs on. Again is harmless.",
        about: About(
          example: """
            local again <close> = pvm.attach(game.pid)
            again:close()
            """,
          notes: "A variable declared `<close>` closes it by itself.")
      ) { (call, handle: ProcessHandle) in
        call.session.watched.removeAll { $0 === handle }
        handle.exitCallbacks = []
      },
      .method(
        "wait_exit", "Wait until the process ends.",
        Parameter.optional("timeout", .seconds, "how long at most; for ever when left out"),
        returns: .value("table?", "how it ended: {code=} or {signal=}, and text; nil: time was up"),
        about: About(
          fails: ["EINTERRUPTED"], source: ["pidfd_open(2)", "waitid(2)"],
          example: #"print(game:wait_exit(0))  --> nil"#)
      ) { (call, handle: ProcessHandle, timeout: Double?) in
        let status =
          try handle.child?.waitForExit(
            seconds: timeout, interrupt: call.session.attachOptions.interrupt)
          ?? handle.live().waitForExit(seconds: handle.child == nil ? timeout : 0)
        try call.session.tellOfExits(call)
        return status?.luaValue ?? .null
      },
      .method(
        "on_exit", "Have a function called once when the process has ended.",
        Parameter("fn", .function(signature: "fun(status: table)"), "gets how it ended"),
        returns: .nothing,
        about: About(
          example: #"game:on_exit(function(status) print("game " .. status.text) end)"#,
          notes: """
            It is called during `pvm.sleep`, `pvm.wait`, `pvm.poll` and `wait_exit`, never in the \
            middle of other code.
            """, seeAlso: ["pvm.poll", "process.wait_exit"])
      ) { (call, handle: ProcessHandle, function: KeptFunction) in
        if handle.captured != nil { _ = try handle.live() }
        handle.exitCallbacks.append(function)
        let session = call.session
        if !session.watched.contains(where: { $0 === handle }) { session.watched.append(handle) }
      },
      .method(
        "kill", "Send a signal to a child that this script started; never to another process.",
        Parameter("signal", .signal, "name or number", default: 15, "\"TERM\""),
        returns: .nothing,
        about: About(
          fails: ["ESRCH", "EINVAL"], source: ["pidfd_send_signal(2)"],
          example: """
            local child = pvm.spawn{"sleep", "60"}
            child:kill("KILL")
            print(child:wait_exit(5).signal)  --> 9
            """)
      ) { (_, handle: ProcessHandle, signal: Int32) in
        try handle.ownChild().signal(signal)
      },
      .method(
        "send", "Write to a child started with stdin=\"pipe\" or terminal=.",
        Parameter("bytes", .bytes, "what to write; a line needs its own \\n"),
        returns: .nothing,
        about: About(
          fails: ["EPIPE", "EINVAL", "EINTERRUPTED"], source: ["pipe(7)"],
          example: """
            local child = pvm.spawn({"cat"}, {stdin="pipe", stdout="pipe"})
            child:send("hello\\n")
            print(child:receive_line(5))  --> hello
            child:close_input()
            child:wait_exit(5)
            """, seeAlso: ["process.receive_line", "process.close_input"])
      ) { (call, handle: ProcessHandle, bytes: [UInt8]) in
        try handle.ownChild().send(bytes, interrupt: call.session.attachOptions.interrupt)
      },
      .method(
        "close_input", "Close the standard input of a child started with stdin=\"pipe\".",
        returns: .nothing,
        about: About(
          example: """
            local child = pvm.spawn({"cat"}, {stdin="pipe"})
            child:close_input()
            print(child:wait_exit(5).code)  --> 0
            """)
      ) { (_, handle: ProcessHandle) in try handle.ownChild().closeInput() },
      .method(
        "receive",
        "Read what a child started with stdout=\"pipe\" or terminal= has written since.",
        Parameter("timeout", .seconds, "how long to wait for the first byte", default: 0.0, "0"),
        returns: ResultType<[UInt8]>.bytes(
          "all there is; empty when nothing came in time; nil at the end", name: "bytes"
        ).optional(),
        about: About(
          fails: ["EINVAL", "EINTERRUPTED"], source: ["pipe(7)", "pty(7)"],
          example: """
            local size = {columns=40, rows=5}
            local child = pvm.spawn({"sh", "-c", "stty size; read key"}, {terminal=size})
            local shown = ""
            repeat shown = shown .. child:receive(5) until shown:find("\\n")
            print((shown:gsub("%s+$", "")))  --> 5 40
            child:send("x\\n")
            child:wait_exit(5)
            """,
          notes: """
            A terminal ends lines with \\r\\n, and shows what is typed unless the program turns that \
            off. Ctrl-C is "\\x03", the end of input "\\x04".
            """, seeAlso: ["pvm.spawn", "process.send", "process.receive_line"])
      ) { (call, handle: ProcessHandle, timeout: Double) in
        try handle.ownChild().receive(
          seconds: timeout, interrupt: call.session.attachOptions.interrupt)
      },
      .method(
        "receive_line", "Read a line from a child started with stdout=\"pipe\".",
        Parameter.optional("timeout", .seconds, "how long to wait at most; for ever when left out"),
        returns: ResultType<[UInt8]>.bytes("the line without its end; nil at the end", name: "line")
          .optional(),
        about: About(
          fails: ["ETIMEDOUT", "EINVAL", "EINTERRUPTED"], source: ["pipe(7)"],
          example: """
            local child = pvm.spawn({"echo", "one line"}, {stdout="pipe"})
            print(child:receive_line(5))  --> one line
            print(child:receive_line(5))  --> nil
            child:wait_exit(5)
            """)
      ) { (call, handle: ProcessHandle, timeout: Double?) in
        try handle.ownChild().receiveLine(
          seconds: timeout, interrupt: call.session.attachOptions.interrupt)
      },
    ]
  }
}

extension ProcessHandle {
  /// The child, or the error that it is not ours to talk to.
  fileprivate func ownChild() throws -> SpawnedProcess {
    guard let child else {
      throw ArgumentMismatch("\(source.label) was not started by this script (see pvm.spawn)")
    }
    return child
  }
}

extension ArgumentType where Value == Int32 {
  /// A signal by number (1 to 64) or by name, with or without SIG.
  static var signal: ArgumentType<Int32> {
    let names: [(String, Int32)] = [
      ("HUP", 1), ("INT", 2), ("QUIT", 3), ("ABRT", 6), ("KILL", 9), ("USR1", 10), ("SEGV", 11),
      ("USR2", 12), ("PIPE", 13), ("ALRM", 14), ("TERM", 15), ("CONT", 18), ("STOP", 19),
    ]
    return ArgumentType(
      "signal name or number", annotation: "string|integer", choices: names.map(\.0)
    ) { call, index in
      if call.kind(at: index) != .string {
        return Int32(try ArgumentType<Int64>.integer(1...64, "signal").read(call, index))
      }
      let word = String(decoding: try call.bytes(at: index), as: UTF8.self).uppercased()
      let name = word.hasPrefix("SIG") ? String(word.dropFirst(3)) : word
      guard let found = names.first(where: { $0.0 == name }) else {
        throw ArgumentMismatch(Spelling.unknown("signal", word, among: names.map(\.0)))
      }
      return found.1
    }
  }
}

extension Session {
  /// Calls those who asked to hear of an end that has come. When one of them raises, the others
  /// are called the next time.
  func tellOfExits(_ call: borrowing Call) throws {
    try tendFreezes(call)
    for handle in watched {
      guard let status = handle.exit else { continue }
      for _ in handle.exitCallbacks where !handle.exitCallbacks.isEmpty {
        let callback = handle.exitCallbacks.removeFirst()
        try callback(in: call, arguments: { $0.value(status.luaValue) }, read: { _ in })
      }
      if handle.exitCallbacks.isEmpty { watched.removeAll { $0 === handle } }
    }
  }
}
