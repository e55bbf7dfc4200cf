import Glibc
import Testing

/// Scripts from strangers: what they try to get out.
@Suite("--sandbox")
struct SandboxTests {
  /// Ways out, by name. Each is a chunk that succeeds where it gets what it wants, and fails
  /// otherwise; `here` is a folder that it may write to, `game` a process, `other` another one.
  static let escapes: [(name: String, code: String)] = [
    ("bytecode by string.dump", "local f = function() end return string.dump(f)"),
    ("bytecode by a method", "return ('').dump(function() end)"),
    ("a program", "return assert(os.execute('true'))"),
    ("a pipe", "return io.popen('true'):close()"),
    ("a file for writing", "io.open(here .. '/out', 'w'):close()"),
    ("a file for reading", "return io.open('/etc/passwd'):read()"),
    ("lines of a file", "for line in io.lines('/etc/passwd') do return line end"),
    ("the default output", "io.output(here .. '/out') io.output(io.stdout)"),
    ("the default input", "io.input('/etc/passwd') io.input(io.stdin)"),
    ("a temporary file", "io.tmpfile():write('x')"),
    ("our own memory", "io.open('/proc/self/mem', 'r+'):close()"),
    ("our environment", "return assert(os.getenv('SECRET'))"),
    ("our environment as a file", "return io.open('/proc/self/environ'):read('a')"),
    ("removing", "io.open(here .. '/x', 'w'):close() assert(os.remove(here .. '/x'))"),
    (
      "renaming", "io.open(here .. '/y', 'w'):close() assert(os.rename(here .. '/y', here .. '/z'))"
    ),
    ("a temporary name", "os.remove(os.tmpname())"),
    ("the locale of the program", "assert(os.setlocale('C'))"),
    ("dofile", "dofile(here .. '/planted.lua')"),
    ("loadfile", "assert(loadfile(here .. '/planted.lua'))()"),
    ("a module by its path", "package.path = outside .. '/?.lua' return require 'hidden'"),
    ("a module that is a link out of the folder", "require 'linked'"),
    ("a C module", "return assert(package.loadlib('libc.so.6', '*'))"),
    ("searchers", "return #package.searchers"),
    ("package.preload", "package.preload.x = function() return 1 end return require 'x'"),
    ("the loaded libraries", "return package.loaded.os.execute('true')"),
    ("the registry", "return debug.getregistry()[2]"),
    ("hooks", "debug.sethook(function() end, 'c') debug.sethook()"),
    ("metatables by debug", "debug.setmetatable(1, {}) debug.setmetatable(1, nil)"),
    ("functions of the host", "return debug.getinfo(2, 'f').func"),
    ("upvalues", "return debug.getupvalue(require, 1)"),
    (
      "upvalues joined", "debug.upvaluejoin(function() return a end, 1, function() return b end, 1)"
    ),
    ("locals of others", "return debug.getlocal(1, 1)"),
    ("a number's metatable", "return debug.getmetatable('')"),
    ("the metatable of strings", "getmetatable('').__index = getmetatable('').__index"),
    ("the metatable of files", "return getmetatable(io.stdout).__index"),
    (
      "the metatable of errors",
      "local _, e = pcall(game.read, game, 16, 4) return getmetatable(e).__tostring"
    ),
    ("metatables of our classes", "return assert(getmetatable(game).__index)"),
    ("stopping the collector", "collectgarbage('stop') collectgarbage('restart')"),
    ("tuning the collector", "collectgarbage('setpause', collectgarbage('setpause', 200))"),
    ("by a coroutine", "return coroutine.wrap(function() return io.popen('true') end)():close()"),
    (
      "by a chunk with another environment",
      "local g = setmetatable({}, {__index=_G}) return load('return os.execute(\"true\")', 'x', 't', g)()"
    ),
    (
      "by the handler of an error",
      "local _, f = xpcall(error, function() return debug.getinfo(1) end) return assert(f.func)"
    ),
    (
      "by an error that shows itself",
      "local e = setmetatable({}, {__tostring=function() return io.open('/etc/passwd'):read() end})"
        + " return tostring(e)"
    ),
    (
      "by a pending variable",
      "do local x <close> = setmetatable({}, {__close=function() os.remove(os.tmpname()) end}) end"
    ),
    ("another process", "pvm.attach(other):close()"),
    ("another process by its name", "pvm.wait(name, 0, {}):close()"),
    ("ourselves", "pvm.attach(pvm.ps{name='pvmlua'}[1].pid):close()"),
    (
      "what runs here",
      "for _, p in ipairs(pvm.ps()) do if p.pid == other then return end end error()"
    ),
    ("what access there is to others", "return pvm.diagnose(other).access or error()"),
    ("a child", "pvm.spawn({'true'}):wait_exit(20)"),
    ("the assembler", "return game:assemble(0x1000, 'nop')"),
    ("a dump", "game:dump(place, 16, here .. '/dump')"),
    ("a core", "game:save(here .. '/core')"),
    ("loading a file into memory", "game:load('/etc/passwd', place)"),
    ("hits in a file", "game:scan('u8', 1, {range={place, place + 16}}):save(here .. '/hits')"),
    ("hits as JSON", "game:scan('u8', 1, {range={place, place + 16}}):json(here .. '/json')"),
    ("hits as CSV", "game:scan('u8', 1, {range={place, place + 16}}):csv(here .. '/csv')"),
    (
      "a snapshot in a file",
      "game:snapshot{range={place, place + 16}}:save(here .. '/snapshot')"
    ),
    (
      "what changed, in a file",
      "local s = game:snapshot{range={place, place + 16}} s:diff(game):json(here .. '/diff')"
    ),
    ("a core file", "pvm.open(here .. '/nothing')"),
    ("a journal", "pvm.undo(here .. '/planted.lua')"),
    ("more memory", "pvm.limits{memory=1 << 40}"),
    ("more time", "pvm.limits{seconds=1e8}"),
  ]

  /// Runs every escape under pcall and says what became of it.
  private static func script(
    _ other: String, _ name: String, _ folder: String, _ outside: String
  ) -> String {
    var text = """
      here, outside, other, name = "\(folder)", "\(outside)", \(other), "\(name)"
      place = game:regions{perms="rw", kind="heap"}[1].start
      local function try(name, code)
        local f, why = load(code, "=" .. name)
        local ok, err
        if f then ok, err = pcall(f) else err = why end
        print(name .. ": " .. (ok and "DONE" or tostring(err):gsub("\\n", " ")))
      end

      """
    for (name, code) in escapes { text += "try(\"\(name)\", [==[\(code)]==])\n" }
    return text
  }

  private struct Outcomes {
    var lines: [String: String] = [:]
    let folder: Scratch
    let run: Run
  }

  private func outcomes(_ options: [String]) throws -> Outcomes {
    let name = "pvmx-\(getpid())"
    let (game, other) = (try Sleeper(), try Sleeper(name))
    let outside = try Scratch(["linked.lua": "return 1", "hidden.lua": "return 1"])
    let folder = try Scratch(["planted.lua": "return 1"])
    symlink(outside.path + "/linked.lua", folder.path + "/linked.lua")
    try folder.add("s.lua", Array(Self.script(other.pid, name, folder.path, outside.path).utf8))
    let run = try Run(
      options + ["-p", game.pid, "s.lua"],
      environment: ["SECRET": "x", "XDG_STATE_HOME": folder.path + "/state"],
      prelude: "cd \(folder.path)")
    var outcomes = Outcomes(folder: folder, run: run)
    for line in run.output.split(separator: "\n") {
      guard let colon = line.firstRange(of: ": ") else { continue }
      outcomes.lines[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
    }
    return outcomes
  }

  @Test("refuses every known way out, in words, and leaves no file")
  func refuses() throws {
    let outcomes = try outcomes(["--sandbox"])
    #expect(outcomes.run.status == .exited(0), "\(outcomes.run.error)")
    for (name, _) in Self.escapes {
      let outcome = try #require(outcomes.lines[name], "\(name)")
      #expect(outcome != "DONE", "\(name)")
    }
    // What no word of ours stands behind: what is not there at all, or cannot be touched.
    let silent = outcomes.lines.filter { !$0.value.contains("sandbox") }.keys.sorted()
    #expect(
      silent
        == [
          "by the handler of an error", "metatables of our classes", "more memory", "more time",
          "ourselves", "package.preload", "searchers", "the loaded libraries",
          "the metatable of errors",
          "the metatable of files", "the metatable of strings", "what runs here",
        ].filter { silent.contains($0) }, "\(silent)")
    let left = try Run("ls", ["-A", outcomes.folder.path]).output
    #expect(left == "linked.lua\nplanted.lua\ns.lua\nstate\n")
    #expect(try Run("find", [outcomes.folder.path + "/state", "-name", "*.journal"]).output == "")
  }

  /// Shows that the list tests something.
  @Test("without it most of them work")
  func open() throws {
    let outcomes = try outcomes([])
    let refused = Self.escapes.map(\.name).filter { outcomes.lines[$0] != "DONE" }
    let wanted = [
      "metatables of our classes", "a core file", "a journal", "the assembler",
      "loading a file into memory",
    ]
    #expect(refused.filter { !wanted.contains($0) } == [], "\(outcomes.run.output)")
  }

  @Test("leaves what a cheat needs: the process, modules beside the script, the terminal")
  func leaves() throws {
    let victim = try EndingTests.Victim()
    let folder = try Scratch([
      "m.lua": "return {n=...}", "s.lua": victim.sandboxed,
      "bad.lua": "return require '../m'",
    ])
    try Run("mkdir", ["-p", folder.path + "/sub/deep"]).check()
    try folder.add("sub/init.lua", Array("return 'sub'".utf8))
    try folder.add("sub/deep/x.lua", Array("return 'deep'".utf8))
    let run = try Run(
      ["--sandbox", "-p", victim.pid, folder.path + "/s.lua", "one"], input: "typed\n",
      environment: victim.environment)
    #expect(run.status == .exited(0), "\(run.error)")
    #expect(
      run.output
        == """
        arg\tone
        m\tsub\tdeep
        typed
        777\t100
        888
        true
        paused
        1
        done

        """, "\(run.error)")
    #expect(victim.state() == "health 100 gold 250")
    let bad = try Run(["--sandbox", folder.path + "/bad.lua"])
    #expect(bad.status == .exited(1) && bad.error.contains("is not allowed by --sandbox"))
  }

  @Test("takes patches back when it ends by an error, and by the tool after SIGKILL")
  func endings() throws {
    let victim = try EndingTests.Victim()
    let failed = try Run(
      ["--sandbox", "-p", victim.pid, "-e", victim.script("error('no')", attaches: false)],
      environment: victim.environment)
    #expect(failed.status == .exited(1) && failed.error.contains("no"), "\(failed.error)")
    #expect(victim.state() == "health 100 gold 250")
    let terminal = try Terminal(
      ["--sandbox", "-p", victim.pid, "-e", victim.script("pvm.sleep(1000)", attaches: false)],
      environment: victim.environment)
    try terminal.expect("ready")
    #expect(victim.state() == "health 777 gold 888")
    kill(terminal.pid, SIGKILL)
    #expect(try terminal.end() == .killed(signal: SIGKILL))
    let undone = try Run(["-m", "undo"], environment: victim.environment)
    #expect(undone.status == .exited(0) && undone.output.contains("put back"), "\(undone.error)")
    #expect(victim.state() == "health 100 gold 250")
    #expect(try Run(["-m", "undo"], environment: victim.environment).output.contains("nothing"))
  }

  @Test("does not run LUA_INIT, nor take LUA_PATH")
  func environment() throws {
    let folder = try Scratch(["planted.lua": "print('planted')"])
    let run = try Run(
      ["--sandbox", "-e", "print(pcall(require, 'planted'))"],
      environment: ["LUA_INIT": "print('init')", "LUA_PATH": folder.path + "/?.lua"])
    #expect(run.output.hasPrefix("false\tmodule 'planted' not found"))
    #expect(!run.output.contains("init\n"))
  }

  @Test("is for scripts, and cannot be without a filter for tools")
  func tools() throws {
    let run = try Run(["--sandbox", "-m", "ps"])
    #expect(run.status == .exited(1) && run.error.contains("'--sandbox' is for scripts"))
  }

  @Test("works at the prompt")
  func prompt() throws {
    let terminal = try Terminal(["--sandbox", "-q"])
    try terminal.expect("> ")
    terminal.type("os.execute('true')\n")
    try terminal.expect("'os.execute' is not allowed by --sandbox")
    terminal.type("print('still ' .. 'here')\n")
    try terminal.expect("still here")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("limits memory and time by itself")
  func limits() throws {
    let run = try Run([
      "--sandbox", "-e",
      "local l = pvm.limits() print(l.memory, l.seconds > 290 and l.seconds <= 300, l.writes)",
    ])
    #expect(run.output == "268435456\ttrue\tnil\n", "\(run.error)")
    let bomb = try Run(["--sandbox", "-e", "local s = 'x' while true do s = s .. s end"])
    #expect(bomb.status == .exited(1) && bomb.error.contains("not enough memory"))
    let other = try Run([
      "--sandbox", "--memory-limit", "64M", "--time-limit", "7", "-e",
      "local l = pvm.limits() print(l.memory, l.seconds <= 7)",
    ])
    #expect(other.output == "67108864\ttrue\n")
  }
}
