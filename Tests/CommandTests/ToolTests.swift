import Glibc
import Testing

@Suite("bundled tools")
struct ToolTests {
  @Test("doctor says what access there is, check by check")
  func doctor() throws {
    let sleeper = try Sleeper()
    let run = try Run(["-m", "doctor", sleeper.pid])
    #expect(run.output.contains("process \(sleeper.pid) (sleep)"))
    #expect(run.output.contains("access: yes"))
    #expect(run.status == .exited(0), "\(run.error)")
  }

  @Test("doctor ends with status 1 where there is no access", arguments: ["2", "2147483647"])
  func noAccess(_ pid: String) throws {
    let run = try Run(["-m", "doctor", pid])
    #expect(run.output.contains("access: no"))
    #expect(run.status == .exited(1))
  }

  @Test("doctor names another user's process", .enabled(if: !Program.isRoot, "root may read all"))
  func foreign() throws {
    let run = try Run(["-m", "doctor", "1"])
    #expect(run.output.contains("access: no"))
    #expect(run.output.contains("belongs to root"))
  }

  @Test("ps lists processes, all or by a pattern")
  func list() throws {
    let name = "pvmlua-listed-\(getpid())"
    let sleeper = try Sleeper(name)
    for pattern in [name, "pvmlua-LISTED*\(getpid())", "*listed-\(getpid())*"] {
      let run = try Run(["-m", "ps", pattern])
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 2, "\(run.output)")
      #expect(lines.first?.split(separator: " ") == ["PID", "USER", "THREADS", "NAME", "COMMAND"])
      let cells = lines.last?.split(separator: " ").map(String.init) ?? []
      #expect(cells == [sleeper.pid, cells[1], "1", "sleep", name, "600"])
    }
    #expect(try Run(["-m", "ps"]).output.contains(name))
    #expect(try Run(["-m", "ps", "pvmlua-matches-nothing"]).status == .exited(1))
  }

  @Test("maps lists the mappings as the kernel does")
  func maps() throws {
    let sleeper = try Sleeper()
    let run = try Run(["-m", "maps", sleeper.pid])
    let kernel = try Run("cat", ["/proc/\(sleeper.pid)/maps"]).output.split(separator: "\n")
    let lines = run.output.split(separator: "\n").dropFirst()
    #expect(lines.count == kernel.count)
    for (line, theirs) in zip(lines, kernel) {
      let cells = line.split(separator: " ")
      let range = "\(cells[0].dropFirst(2))-\(cells[1].dropFirst(2))"
      #expect(theirs.hasPrefix("\(range) \(cells[2]) ") || theirs.contains("vsyscall"))
    }
    #expect(lines.contains { $0.split(separator: " ").suffix(2) == ["stack", "[stack]"] })
    #expect(run.status == .exited(0))
  }

  @Test("manual writes the generated files")
  func manual() throws {
    let folder = try Scratch()
    let run = try Run(["-m", "manual", folder.path])
    #expect(run.status == .exited(0), "\(run.error)")
    #expect(try Run("cat", [folder.path + "/pvm.d.lua"]).output.contains("---@meta"))
    #expect(try Run(["-m", "manual", folder.path + "/none"]).status == .exited(1))
  }

  @Test("wrong use says how to call them", arguments: ["doctor", "maps", "manual"])
  func usage(_ tool: String) throws {
    for arguments in [[tool], [tool, "a", "b"]] {
      let run = try Run(["-m"] + arguments)
      #expect(run.error.hasPrefix("usage: pvmlua -m \(tool) "))
      #expect(run.status == .exited(1))
    }
    let absent = try Run(["-m", tool == "manual" ? "maps" : tool, "pvmlua-no-such-name"])
    #expect(absent.error.hasPrefix("pvmlua: "))
    #expect(absent.status == .exited(1))
  }

  @Test("what follows a tool's name is the tool's")
  func arguments() throws {
    let run = try Run(["-m", "maps", "--help"])
    #expect(run.error.hasPrefix("pvmlua: "))
    #expect(!run.output.contains("USAGE"))
  }
}
