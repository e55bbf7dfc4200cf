import Glibc
import Testing

@Suite("standard input, output and error that are closed, full or gone")
struct StreamTests {
  @Test(
    "output that cannot be written is an error, however the program ends",
    arguments: [
      ("exec >/dev/full", "print(1)"), ("exec >/dev/full", "io.write('no newline')"),
      ("exec >/dev/full", "print(1) os.exit(0)"), ("exec >/dev/full", "print(1) os.exit(0, true)"),
      ("exec >/dev/full", "io.stdout:setvbuf('full') io.write('x')"),
      ("exec >&-", "print(1)"), ("exec >&-", "io.write('x')"),
    ])
  func failedOutput(_ prelude: String, _ script: String) throws {
    let run = try Run(["-e", script], prelude: prelude)
    #expect(run.error.contains("pvmlua: cannot write to standard output"))
    #expect(run.status == .exited(1))
  }

  @Test("a closed output that is not used is none", arguments: ["exec >&-", "exec >/dev/full"])
  func unusedOutput(_ prelude: String) throws {
    let run = try Run(["-e", "local x = 1"], prelude: prelude)
    #expect(run.error == "")
    #expect(run.status == .exited(0))
  }

  @Test(
    "a file never takes the number of a closed stream",
    arguments: [
      "exec 0<&-", "exec >&-", "exec 2>&-", "exec 0<&- >&-", "exec 0<&- >&- 2>&-",
    ])
  func closedStreams(_ prelude: String) throws {
    let folder = try Scratch()
    let path = folder.path + "/f"
    let script = """
      local f = assert(io.open("\(path)", "w"))
      print("for the output") io.stderr:write("for the errors")
      f:write("kept") f:close()
      """
    _ = try Run(["-e", script], prelude: prelude)
    #expect(try Run("cat", [path]).output == "kept")
  }

  @Test("a reader that leaves ends the program quietly, as it ends other filters")
  func brokenPipe() throws {
    let run = try Run(
      "/bin/bash",
      [
        "-c",
        "'\(Program.pvmlua)' -e 'for i = 1, 1e7 do print(i) end' | head -n 1; echo ${PIPESTATUS[0]}",
      ])
    #expect(run.output == "1\n141\n")
    #expect(run.error == "")
  }

  @Test("where SIGPIPE is ignored, it is an error")
  func ignoredPipe() throws {
    let run = try Run(
      "/bin/bash",
      [
        "-c",
        "trap '' PIPE; '\(Program.pvmlua)' -e 'for i = 1, 1e5 do print(i) end' | true; echo ${PIPESTATUS[0]}",
      ])
    #expect(run.output == "1\n")
    #expect(run.error.contains("pvmlua: cannot write to standard output"))
  }

  @Test(
    "errors that cannot be shown leave the exit status as it is",
    arguments: ["exec 2>&-", "exec 2>/dev/full"])
  func failedErrors(_ prelude: String) throws {
    #expect(try Run(["-e", "error('x')"], prelude: prelude).status == .exited(1))
    #expect(try Run(["-z"], prelude: prelude).status == .exited(1))
    #expect(try Run(["-e", "io.stderr:write('x')"], prelude: prelude).status == .exited(0))
  }

  @Test("standard input that cannot be read is an error", arguments: ["exec <&-", "exec </"])
  func failedInput(_ prelude: String) throws {
    let run = try Run([], prelude: prelude)
    #expect(run.error.contains("pvmlua: cannot read"))
    #expect(run.status == .exited(1))
  }

  @Test(
    "no terminal at all is fine",
    .enabled(if: Program.inPath("setsid") != nil, "setsid is not installed"))
  func noTerminal() throws {
    let run = try Run("setsid", ["-w", Program.pvmlua, "-"], input: "print('here')")
    #expect(run.output == "here\n")
    #expect(run.status == .exited(0))
  }

  @Test("arguments and messages keep bytes that are no text")
  func rawBytes() throws {
    let script = try Scratch(["s.lua": "print((...):byte(1, -1))"])
    let bytes = try Run(
      "/bin/sh",
      ["-c", "\"$0\" '\(script.path)/s.lua' \"$(printf 'a\\377\\376')\"", Program.pvmlua])
    #expect(bytes.output == "97\t255\t254\n")
    let message = try Run(["-e", "error('\\xff\\xfe\\0', 0)"])
    let expected: [UInt8] = Array("pvmlua: ".utf8) + [0xff, 0xfe]
    #expect(message.errorBytes.starts(with: expected))
    #expect(message.status == .exited(1))
  }
}
