import LuaHost
import Testing

extension ModuleTests {
  @Suite("arguments of scripts")
  struct ArgumentTests {
    /// A state without a process, in which `read(words...)` reads a list of every kind.
    private func state() throws -> LuaState {
      let state = try Game.state()
      let outcome = state.run(
        .text(
          #"""
          list = {
            about="Counts.",
            {"--rate", "-r", default=10, min=1, max=60, help="looks a second"},
            {"--verbose", "-v", help="say more"},
            {"--quiet", "-q"},
            {"--colour", type="flag", default=true},
            {"--mode", choices={"fast", "slow"}, default="fast"},
            {"--dry-run"},
            {"--scale", type="number"},
            {"--add", "-a", type="text", many=true},
            {"game", help="its name"},
            {"count", type="integer", required=false},
            {"files", many=true},
          }
          function read(...) return pvm.args(list, {...}) end
          """#, name: "=list"))
      try #require(outcome == .completed, "\(outcome.text)")
      return state
    }

    private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      let outcome = try state().run(.text(text, name: "=test"))
      if outcome != .completed { Issue.record("\(outcome.text)", sourceLocation: sourceLocation) }
    }

    @Test("have the values given, or their defaults")
    func values() throws {
      try check(
        #"""
        equal(read("x"), {rate=10, verbose=false, quiet=false, colour=true, mode="fast", dry_run=false,
          add={}, game="x", files={}})
        equal(read("-vr5", "--mode=slow", "--no-colour", "x", "7", "a", "b", "--scale", "-1.5", "--dry-run"),
          {rate=5, verbose=true, quiet=false, colour=false, mode="slow", dry_run=true, scale=-1.5,
            add={}, game="x", count=7, files={"a", "b"}})
        equal(read("-vq", "-a", "1", "-a2", "--add=3", "x").add, {"1", "2", "3"})
        equal(read("--", "--rate").game, "--rate")
        equal(read("-", "-3").count, -3)
        equal(read("x", "0x10").count, 16)
        """#)
    }

    @Test(
      "that do not fit are refused with the usage",
      arguments: [
        (#""#, "GAME is missing"),
        (#""--rat=3", "x""#, "unknown option '--rat' (did you mean '--rate'?)"),
        (#""--rate=0", "x""#, "--rate: must be at least 1, got 0"),
        (#""-r", "61", "x""#, "-r: must be at most 60, got 61"),
        (#""--rate=ten", "x""#, "--rate: 'ten' is no integer"),
        (#""--scale=nan", "x""#, "--scale: 'nan' is no number"),
        (#""x", "--rate""#, "--rate needs a value: INTEGER"),
        (#""--verbose=1", "x""#, "--verbose takes no value"),
        (#""--mode=fas", "x""#, "unknown value 'fas' (did you mean 'fast'?)"),
        (#""-z", "x""#, "unknown option '-z'"),
        (#""x", "y""#, "COUNT: 'y' is no integer"),
      ])
    func wrong(_ words: String, _ message: String) throws {
      try check(
        """
        local text = refused([==[\(message)]==], read, \(words.isEmpty ? "nil" : words))
        assert(text:find("usage: script [options] GAME [COUNT] [FILES...]", 1, true), text)
        """)
    }

    @Test("are described by --help")
    func help() throws {
      try check(
        #"""
        for _, word in ipairs{"--help", "-h", "-vh"} do
          local _, text = pcall(read, "x", "too", word, "--nonsense")
          text = word == "--help" and text or select(2, pcall(read, word))
          assert(text:find("usage: script [options] GAME [COUNT] [FILES...]\n\nCounts.\n", 1, true), text)
          assert(text:find("looks a second (default 10)\n", 1, true), text)
          assert(text:find("--no-colour turns it off", 1, true), text)
          assert(text:find("  -h, --help ", 1, true), text)
        end
        """#)
    }

    @Test(
      "that are declared wrongly are named",
      arguments: [
        ("{ {} }", "argument 1: the name is missing"),
        (
          "{ {'--a'}, {'--b', tpye='text'} }",
          "argument 2: unknown option 'tpye' (did you mean 'type'?)"
        ),
        ("{ {'--a', type='strng'} }", "option 'type': unknown value 'strng'"),
        ("{ {'--a'}, {'-x', '--a'} }", "'a' is declared twice"),
        ("{ {'-ab'} }", "'-ab' is no name"),
        ("{ {'a', 'b'} }", "is no name"),
        (
          "{ {'--a', type='integer', default='x'} }",
          "option 'default': integer expected, got string"
        ),
        ("{ {'a', many=true}, {'b'} }", "has to be the last"),
        ("{ {'a', type='flag'} }", "only an option can be a flag"),
        ("{ 'a' }", "argument 1: table expected, got string"),
        ("{ abuot='x' }", "unknown option 'abuot' (did you mean 'about'?)"),
        ("7", "table expected, got number"),
      ])
    func declarations(_ list: String, _ message: String) throws {
      try check("refused([==[\(message)]==], pvm.args, \(list), {})")
    }
  }
}
