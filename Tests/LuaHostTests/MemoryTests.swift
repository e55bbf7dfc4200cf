import LuaHost
import Testing

extension LuaTests {
  @Suite("Memory")
  struct MemoryTests {
    /// Scripts that between them use every operation of a reply and every way to fail.
    static let scripts = [
      "local r = table.pack(crate.everything({1, {a = 'b'}}, print))",
      "local b = crate.boxes(20) assert(b.list[20].value == 19)",
      "local b <close> = crate.box(1, {label = ('x'):rep(300)}) b.label = b.label .. 'y' return b.label",
      "local ok, e = pcall(crate.fail, 'text', 'hint') assert(not ok) return tostring(e)",
      "local _, e = crate.try_fail(('long'):rep(100)) return tostring(e)",
      "pcall(crate.sum, {}) pcall(crate.box, 1, {nope = 1}) pcall(crate.box().add)",
      "local b = crate.box(1) b:on(function(x) return {x, crate} end) return b:fire({1, 2, c = 'd'})",
      "pcall(crate.call, function(x) error({x}) end, {('y'):rep(100)})",
      "local co = coroutine.wrap(function() coroutine.yield(crate.box(1):pair()) end) return co()",
      "crate.task(function(b) for _ = 1, 3 do crate.wait() b:pair() end end, crate.box(1))",
      "pcall(crate.task, function() local b = crate.box(1) crate.wait() error('x') end)",
      "crate.twice(function(b) crate.wait() assert(b.value < 2) end)",
      "crate.abandon(function() local b <close> = crate.box(1) crate.wait() end)",
      "return crate.fill(5000), crate.levels(30), #crate.echo({{}, {{}}})",
      "local n = 0 for i, v in pairs(crate.box(5)) do n = n + v end",
      "local b = crate.box(1) return load('return ...')(b), tostring(b), pcall(function() return b.x end)",
    ]

    @Test("whichever allocation fails, nothing leaks and the state goes on", arguments: scripts)
    func everyAllocation(_ script: String) throws {
      let fixture = try Fixture()
      fixture.check(script)
      let start = fixture.state.memoryUsage.allocations
      fixture.check(script)
      let count = fixture.state.memoryUsage.allocations - start
      #expect(count > 3)
      // Lua's own tables have grown where they wanted to after the first round.
      let before = fixture.sweep(script, allocations: count)
      #expect(fixture.sweep(script, allocations: count) <= before)
      fixture.check(script)
    }

    @Test("a state under a cap is made or not made, and works or says so")
    func caps() throws {
      var made = 0
      for limit in Array(stride(from: 1, to: 60_000, by: 997)) + [100_000, 1_000_000] {
        var configuration = LuaState.Configuration()
        configuration.memoryLimit = limit
        guard let state = LuaState(configuration) else { continue }
        let module = TestModule()
        guard (try? state.install(module.declaration)) != nil else { continue }
        made += 1
        for script in Self.scripts { _ = state.run(.text(script, name: "=test")) }
        #expect(state.memoryUsage.bytesPeak <= 2 * limit)
        state.close()
        #expect(module.population.alive == 0)
      }
      #expect(made > 3)
    }

    @Test(
      "a script that wants too much is told so, and the state goes on",
      arguments: [
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} while true do t = {t} end",
        "return ('x'):rep(1 << 30)",
        "return crate.fill(1 << 30)",
        "local t = {} for i = 1, 1e9 do t[i] = crate.box(i) end",
        "local t = {} for i = 1, 1e9 do t[i] = crate.fill(10000) end",
        "local t = {} for i = 1, 1e9 do t[i] = select(2, crate.try_fail(i)) end",
        "crate.boxes(100000)",
      ])
    func greedy(_ script: String) throws {
      let fixture = try Fixture(memoryLimit: 4 << 20)
      let before = fixture.settled()
      #expect(fixture.error(script).hasSuffix("not enough memory"), "\(fixture.error(script))")
      #expect(fixture.settled() <= before + 4096)
      #expect(fixture.module.population.alive == 0)
      fixture.check("assert(crate.sum(1, 1) == 2)")
    }

    @Test("garbage does not make a reply fail under a cap")
    func garbage() throws {
      let fixture = try Fixture(memoryLimit: 8 << 20)
      fixture.check("for _ = 1, 200 do assert(#crate.fill(1 << 20) == 1 << 20) end")
      fixture.check("for _ = 1, 20 do crate.boxes(5000) end")
    }

    @Test("what scripts do again and again leaves no byte", arguments: scripts)
    func flat(_ script: String) throws {
      let fixture = try Fixture()
      for _ in 0..<50 { fixture.check(script) }
      let before = fixture.settled()
      for _ in 0..<50 { fixture.check(script) }
      // The slots may have doubled once more, as the collector came later; each run makes far more.
      #expect(fixture.settled() <= before + 1024)
      #expect(fixture.module.population.alive == 0)
    }
  }
}

extension Fixture {
  /// Runs a script once for each allocation it makes, which fails. Answers with the bytes held then.
  fileprivate func sweep(_ script: String, allocations: UInt64) -> Int {
    for n in 1...allocations {
      state.failAllocation(n)
      let outcome = run(script)
      state.failAllocation(nil)
      check("collectgarbage() collectgarbage()")
      let usage = state.memoryUsage
      let isClean = usage.parcels == 0 && usage.openHandles == 0 && module.population.alive == 0
      if !isClean { Issue.record("allocation \(n) of \(allocations): \(usage) \(outcome.text)") }
    }
    return settled()
  }
}
