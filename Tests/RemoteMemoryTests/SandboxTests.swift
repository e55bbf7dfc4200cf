import Glibc
import RemoteMemory
import Testing

/// What the filter of system calls refuses, tried from inside by whoever has taken the program over.
@Suite("the sandbox, from inside")
struct SandboxTests {
  /// What the probe printed: name and outcome, a line each.
  private func outcomes(_ way: String) throws -> (names: [String], outcomes: [String: String]) {
    let target = try Target("block=1")
    let start = try #require(target.places["scratch"])
    let lines = try JournalTests.runProbe(
      "--confined", way, "\(target.id)", String(start, radix: 16))
    var names: [String] = []
    var outcomes: [String: String] = [:]
    for line in lines where line != "ok" {
      let split = line.lastIndex(of: " ") ?? line.endIndex
      let name = String(line[..<split])
      names.append(name)
      outcomes[name] = String(line[split...].dropFirst())
    }
    return (names, outcomes)
  }

  /// What goes on working.
  private static let allowed: [String: String] = [
    "a thread of its own:": "done", "open for reading:": "done", "write:": "ok",
    "attach again:": "ok", "pause:": "ok", "patch:": "ok", "journal of a patch:": "0",
    "freeze:": "ok", "journal at the end:": "-1",
  ]
  /// What is refused in words.
  private static let ours: [String: String] = [
    "attach to others:": "ESANDBOX", "spawn:": "ESANDBOX", "write a file:": "ESANDBOX",
  ]

  @Test("every call that reaches beyond it is refused, by every thread, and nothing else is")
  func closed() throws {
    let (names, closed) = try outcomes("closed")
    #expect(names.count > 40, "\(names)")
    for name in names {
      let wanted = Self.allowed[name] ?? Self.ours[name] ?? "EPERM"
      #expect(closed[name] == wanted, "\(name)")
    }
  }

  @Test("without it none of them is refused for that reason: the test can fail")
  func open() throws {
    let (names, open) = try outcomes("open")
    let refusedAnyway = ["chown", "clone of a namespace", "ring of calls"]
    for name in names where !refusedAnyway.contains(name) {
      #expect(open[name] != "EPERM" && open[name] != "ESANDBOX", "\(name)")
    }
  }

  #if arch(x86_64)
    @Test("a call by the numbers of another architecture ends the program")
    func foreign() throws {
      let target = try Target("block=1")
      let child = try Target.start([
        Target.program("RemoteMemoryProbe"), "--confined", "32", "\(target.id)",
        String(target.places["scratch"] ?? 0, radix: 16),
      ])
      while try child.receiveLine(seconds: 20) != nil {}
      #expect(try child.waitForExit(seconds: 20) == .killed(signal: SIGSYS))
      unlink("/tmp/pvm-confined-\(child.id).journal")
    }
  #endif
}
