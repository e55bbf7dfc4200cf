import Testing

@Suite("--dry-run")
struct DryRunTests {
  private static let script = """
    local game <close> = pvm.spawn({pvm.target_path(), "--addresses", "--rate", "0", "--until-eof"},
      {stdin="pipe", stdout="pipe", die_with_us=true})
    local key = {}
    for line in function() return game:receive_line(20) end do
      if line == "ready" then break end
      local name, value = line:match("^(%S-)=(.*)$")
      if name then key[name] = math.tointeger(value) or value end
    end
    print(game.dry_run, game.read_only)
    print(game:read_i32(key.gold))
    game:write_i32(key.gold, 0x01020304)
    game:write_i32(key.gold, 0x01020304)
    print(game:read_i32(key.gold) == 0x01020304)
    game:fill(key.scratch, 128, "\\xAA")
    print(pcall(game.write, game, 16, "x"))
    game:send("state\\n")
    print(game:receive_line(20):match("gold %d+"))
    """

  @Test("shows every write, does none, and reads what would be there")
  func shows() throws {
    let folder = try Scratch(["s.lua": Self.script])
    let run = try Run(["--dry-run", folder.path + "/s.lua"])
    #expect(run.status == .exited(0), "\(run.error)")
    #expect(run.output.hasPrefix("true\tfalse\n250\ntrue\nfalse\t"))
    #expect(run.output.contains("(EFAULT)") && run.output.hasSuffix("gold 250\n"))
    let lines = run.error.split(separator: "\n").map(String.init)
    #expect(lines.count == 14, "\(run.error)")
    #expect(lines[0].contains("(pvm-target), [heap]+0x"))
    #expect(lines[0].contains(": would write 4 bytes at 0x"))
    #expect(lines[1].contains(" fa 00 00 00 ") && lines[2].contains(" 04 03 02 01 "))
    #expect(lines[3].contains(": would write 128 bytes at 0x"))
    #expect(lines[12] == "  and 4 more rows of 16 bytes")
    #expect(lines[13].hasSuffix("3 writes of 136 bytes in all, none done; 1 would change nothing"))
  }

  @Test("colours where they are asked for, and is quiet about the sum with -q")
  func colours() throws {
    let folder = try Scratch(["s.lua": Self.script])
    let run = try Run(["-q", "--dry-run", "--color", "always", folder.path + "/s.lua"])
    #expect(run.error.contains("\u{1b}[31mfa\u{1b}[0m"))
    #expect(run.error.contains("\u{1b}[1;32m04\u{1b}[0m"))
    #expect(!run.error.contains("in all"))
  }

  @Test("the prompt says once that a process is written to, and a script does not")
  func firstWrite() throws {
    let line =
      "c = pvm.spawn({pvm.target_path(), '--addresses', '--rate', '0', '--until-eof'}, "
      + "{stdin='pipe', stdout='pipe', die_with_us=true}) "
      + "repeat a = a or c:receive_line(20):match('^gold=(.*)') until a"
    let terminal = try Terminal(["-i", "-e", line + " c:fill(math.tointeger(a), 4, '\\1')"])
    try terminal.expect("> ")
    terminal.type("d = pvm.attach(c.pid) d:fill(math.tointeger(a), 4, '\\2') print('one')\n")
    try terminal.expect("(pvm-target) for the first time; --dry-run shows without doing")
    try terminal.expect("one")
    terminal.type("d:fill(math.tointeger(a), 4, '\\3') print('t' .. 'wo')\n")
    try terminal.expect("two")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
    #expect(terminal.screen.ranges(of: "for the first time").count == 1)
  }

  @Test("cannot be undone by a script, and gives way to --read-only")
  func rights() throws {
    let text = """
      local a = pvm.spawn({"sleep", "60"}, {dry_run=false, die_with_us=true})
      local b = pvm.attach(a.pid, {read_only=true})
      print(a.dry_run, a.read_only, b.dry_run, b.read_only)
      a:kill("KILL") a:wait_exit(20)
      """
    #expect(try Run(["--dry-run", "-e", text]).output == "true\tfalse\tfalse\ttrue\n")
    let both = try Run(["--dry-run", "--read-only", "-e", text])
    #expect(both.output == "false\ttrue\tfalse\ttrue\n")
    #expect(both.error == "")
    let one = try Run(["-e", text.replacing("dry_run=false", with: "dry_run=true")])
    #expect(one.output == "true\tfalse\tfalse\ttrue\n")
  }
}
