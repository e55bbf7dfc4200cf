import LuaHost
import PVMModule
import RemoteMemory
import Testing

/// Everything of the module that can write to a process, found from the declarations, so that a new
/// function cannot be forgotten: tried under each guard.
struct Writer: CustomTestStringConvertible, Sendable {
  /// "pvm.process.fill"; a setter is "pvm.cell.value =".
  let name: String
  var testDescription: String { name }

  /// Whatever can fail because writing is not allowed writes, and so do assignments by any name.
  static let all: [Writer] = {
    let module = PVMModule.declaration
    let functions = module.functions.map { (module.name, $0) }
    let members = module.classes.flatMap { type in type.members.map { (type.name, $0) } }
    return (functions + members).compactMap { owner, declaration in
      let mayFail = declaration.failures.contains("EREADONLY")
      guard mayFail || declaration.role == .unknownAssignment else { return nil }
      return Writer(name: "\(owner).\(declaration.name)\(declaration.role == .setter ? " =" : "")")
    }
  }()

  /// What prepares a write to the process `victim` and answers the function that does it; `game` is
  /// the same process and may always write. Nil: nobody has said yet.
  var way: String? {
    if let way = Self.ways[name] { return way }
    guard name.hasPrefix("pvm.process.write_") else { return nil }
    let method = name.split(separator: ".").last ?? ""
    let value = method.hasPrefix("write_bool") ? "true" : "77"
    return "return function() victim:\(method)(scratch, \(value)) end"
  }

  private static let ways: [String: String] = [
    "pvm.process.write": "return function() victim:write(scratch, 'written') end",
    "pvm.process.copy": "return function() victim:copy(scratch, gold, 4) end",
    "pvm.process.fill": "return function() victim:fill(scratch, 64, 'ab') end",
    "pvm.process.writev": "return function() victim:writev({'ab', 'c'}, {{scratch, 3}}) end",
    "pvm.process.write_array":
      "return function() victim:write_array(scratch, 'i16', {1, 2, 3}) end",
    "pvm.process.write_string": "return function() victim:write_string(scratch, 'text') end",
    "pvm.process.pack": "return function() victim:pack(scratch, '<i4i4', 5, 6) end",
    "pvm.process.write_struct":
      "return function() victim:write_struct(scratch, {a={0, 'i32'}}, {a=7}) end",
    "pvm.process.load": """
    local path = os.tmpname()
    io.open(path, "w"):write("from a file"):close()
    return function() victim:load(path, scratch) end, function() os.remove(path) end
    """,
    "pvm.process.restore": """
    local before = victim:snapshot{range={scratch, scratch + 64}}
    game:write(scratch, "changed meanwhile")
    return function()
      local outcomes = victim:restore(before)
      for _, outcome in ipairs(outcomes) do
        if outcome.error then error({code=outcome.error:match("%((E%u+)%)")}, 0) end
      end
    end
    """,
    "pvm.process.apply": """
    local before = victim:snapshot{range={scratch, scratch + 64}}
    game:write(scratch, "changed meanwhile")
    local d = before:diff(game, {range={scratch, scratch + 64}})
    game:restore(before)
    return function()
      local outcomes = victim:apply(d)
      for _, outcome in ipairs(outcomes) do
        if outcome.error then error({code=outcome.error:match("%((E%u+)%)")}, 0) end
      end
    end
    """,
    "pvm.process.patch": """
    return function() victim:patch{at=scratch, bytes="de ad"}:enable() end
    """,
    "pvm.patch.enable": patch("p:enable()"),
    "pvm.patch.disable": patch("p:enable() p:disable() p:enable()"),
    "pvm.patch.toggle": patch("p:toggle()"),
    "pvm.patch.enabled =": patch("p.enabled = true"),
    "pvm.plan.write": """
    local plan = victim:scatter{ a={scratch, "i32"}, b={scratch + 16, "cstr", 8} }
    return function()
      local done, errors = plan:write{a=1, b="two"}
      for _, err in pairs(errors or {}) do error(err, 0) end
    end
    """,
    "pvm.cell.value =": "local c = victim:cell(scratch, 'i32') return function() c.value = 5 end",
    "pvm.cell.freeze":
      "local c = victim:cell(scratch, 'i32') return function() c:freeze(5) end",
    "pvm.freeze.value =": """
    local c = victim:cell(scratch, "i32")
    return function()
      local f = c:freeze(game:read_i32(scratch))
      f.value = 99
    end
    """,
    "pvm.view.set":
      "local T = pvm.struct{ a={0,'i32'} } local v = victim:view(scratch, T) "
      + "return function() v:set('a', 8) end",
    "pvm.view.[name] =":
      "local T = pvm.struct{ a={0,'i32'} } local v = victim:view(scratch, T) "
      + "return function() v.a = 8 end",
    "pvm.hits.label": """
    game:write(scratch, ("\\x2a\\0\\0\\0"):rep(3))
    local hits = victim:scan("i32", 42, {range={scratch, scratch + 12}})
    assert(#hits == 3)
    return function() hits:label(1000) end
    """,
  ]

  private static func patch(_ action: String) -> String {
    """
    local p
    local ok, err = pcall(function() p = victim:patch{at=scratch, bytes="de ad"} end)
    return function() if not ok then error(err, 0) end \(action) end
    """
  }
}

extension ModuleTests {
  @Suite("everything that writes")
  struct WriterTests {
    @Test("is known to these tests, and there is a lot of it")
    func known() {
      let unknown = Writer.all.filter { $0.way == nil }.map(\.name)
      #expect(unknown == [], "say in Writer.ways how it writes")
      #expect(Writer.all.count > 50)
    }

    /// A function that tries a writer on a process made by `make`, with a guard put up just before, and
    /// answers whether the memory is as it was, and the error's code.
    private static let trying = #"""
      function try(way, make, guard)
        game:write(scratch, ("\0"):rep(256))
        victim = make()
        local action, after = assert(load(way))()
        local before = game:read(scratch, 256)
        if guard then guard() end
        local ok, err = pcall(action)
        local same = game:read(scratch, 256) == before
        for _, f in ipairs(victim:freezes()) do f:release() end
        for _, p in ipairs(victim:patches()) do p:disable() end
        if after then after() end
        return same, ok, type(err) == "table" and err.code or err
      end
      """#

    @Test("is refused or pretended by every guard, and works without", arguments: Writer.all)
    func guarded(_ writer: Writer) throws {
      let way = try #require(writer.way)
      let game = try Game()
      game.check(Self.trying)
      game.check("way = [====[\(way)]====]")
      game.check(
        #"""
        local function check(what, wanted, make, guard)
          local same, ok, code = try(way, make, guard)
          equal({same, ok, code}, wanted, what)
        end
        -- The control: it writes where it may.
        check("unguarded", {false, true, nil}, function() return pvm.attach(game.pid) end)
        check("read-only", {true, false, "EREADONLY"},
          function() return pvm.attach(game.pid, {read_only=true}) end)
        check("dry run", {true, true, nil},
          function() return pvm.attach(game.pid, {dry_run=true}) end)
        local asked = 0
        check("confirm", {true, false, "EREFUSED"}, function()
          return pvm.attach(game.pid, {confirm=function(w)
            asked = asked + 1
            assert(w.pid == game.pid and #w.old == #w.new and w.size == #w.new)
            assert(game:read(w.address, w.size) == w.old)
            return false
          end})
        end)
        assert(asked > 0, "nobody was asked")
        check("agreed to", {false, true, nil}, function()
          return pvm.attach(game.pid, {confirm=function() return true end})
        end)
        check("its error", {true, false, "no way"}, function()
          return pvm.attach(game.pid, {confirm=function() error("no way", 0) end})
        end)
        -- No write is left from here on.
        check("limit", {true, false, "EREFUSED"}, function() return pvm.attach(game.pid) end,
          function() pvm.limits{writes=0} end)
        """#)
    }

    @Test("stops when no write is left, but for taking back")
    func limited() throws {
      try Game().check(
        #"""
        local p = game:patch{at=scratch, bytes="01 02"}
        local c = game:cell(scratch + 8, "i32")
        local old = game:read(scratch, 2)
        pvm.limits{writes=3}
        p:enable()
        c.value = 1
        local f = c:freeze(2, {every=0.001})
        equal(pvm.limits().writes, 0)
        local err = fails("EREFUSED", game.write, game, scratch, "x")
        assert(tostring(err):find("as many writes were made as pvm.limits allows", 1, true), err)
        fails("EREFUSED", function() c.value = 3 end)
        fails("EREFUSED", function() f.value = 3 end)
        -- What is frozen is held on, and what is patched is taken back.
        equal(game:read_i32(scratch + 8), 2)
        f:release()
        p:disable()
        equal(game:read(scratch, 2), old)
        fails("EREFUSED", p.enable, p)
        """#)
    }
  }
}
