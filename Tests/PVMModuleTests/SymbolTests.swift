import Testing

@Suite("symbols and modules in scripts") struct SymbolScriptTests {
  @Test("a module tells what its headers say")
  func module() throws {
    let game = try Game()
    game.check(
      #"""
      local own = game:module("pvm-target")
      equal(own.format, "elf") equal(own.arch, game.arch) equal(own.bits, game.bits)
      equal(own.file, "same") equal(#own, own.size)
      equal(own.base - own.bias, 0)
      assert(own.build_id == nil or own.build_id:match("^%x+$"))
      assert(tostring(own):find("pvm-target elf", 1, true), tostring(own))
      local code
      for _, s in ipairs(own.segments) do if s.perms:find("x") then code = s end end
      assert(take_damage >= code.start and take_damage < code.stop)
      local sections = {}
      for _, s in ipairs(own.sections) do sections[s.name] = s end
      assert(sections[".text"].start >= code.start and sections[".text"].stop <= code.stop)
      assert(sections[".bss"].stop <= own.stop)
      equal(#own.regions >= 2, true) equal(own.regions[1].start, own.base)
      local vdso = game:module("vdso")
      equal(vdso == nil or vdso.format, vdso == nil or "elf")
      equal(vdso == nil or vdso.file, vdso == nil or "none")
      """#)
  }

  @Test("names lead to addresses and back")
  func names() throws {
    let game = try Game()
    game.check(
      #"""
      local name = "pvm_target_take_damage"
      local address, details = game:symbol("pvm-target!" .. name)
      equal(address, take_damage) equal(details.address, take_damage)
      equal(details.kind, "function") equal(details.module, "pvm-target") equal(details.raw, name)
      equal((game:name_of(take_damage + 2)), "pvm-target!" .. name .. "+0x2")
      equal(game:addr("pvm-target!" .. name .. "+2"), take_damage + 2)
      equal((game:symbol("libc.so.6!no such thing")), nil)
      equal(select("#", game:symbol("no such thing")), 1)
      local environ = game:symbol("libc.so.6!environ")
      equal(game:addr("[libc.so.6!environ]"), game:read_ptr(environ))
      equal((game:name_of(environ)), "libc.so.6!environ")
      equal(#game:symbols("*", {module="libc.so.6", limit=7}), 7)
      for _, s in ipairs(game:symbols("*alloc", {module="libc.so.6"})) do
        assert(s.name:find("alloc$"), s.name)
      end
      equal(game:try_symbol("no-such-module!x"), nil)
      local _, err = game:try_symbol("no-such-module!x")
      equal(err.code, "ENOENT")
      _, err = game:try_addr("libc.so.6!errno")
      assert(err.code == "EINVAL" or err.code == "ENOENT", err.code)
      equal((game:name_of(16)), "0x10")
      """#)
  }

  @Test("a cell by expression, and what it needs")
  func cells() throws {
    let game = try Game()
    game.check(
      #"""
      local hp = game:cell(("[[[0x%x]+0x10]+0x8]"):format(root), "i32")
      equal(hp.value, game:cell(health, "i32").value) equal(hp.address, health)
      local ok, err = pcall(game.cell, game, health)
      assert(not ok and tostring(err):find("type name expected", 1, true), tostring(err))
      ok, err = pcall(game.cell, game, "no_such_variable_anywhere")
      assert(not ok and err.code == "ENOENT", tostring(err))
      """#)
  }

  @Test("work on a snapshot as on the process")
  func snapshot() throws {
    let game = try Game()
    game.check(
      #"""
      local before = game:snapshot()
      equal((before:symbol("pvm-target!pvm_target_take_damage")), take_damage)
      equal((before:name_of(take_damage)), (game:name_of(take_damage)))
      equal(before:module("pvm-target").size, game:module("pvm-target").size)
      equal(#before:modules(), #game:modules())
      """#)
  }
}
