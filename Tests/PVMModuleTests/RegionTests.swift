import Foundation
import LuaHost
import Testing

extension ModuleTests {
  @Suite("regions, modules, addresses")
  struct RegionTests {
    @Test("lists and filters mappings")
    func filters() throws {
      let game = try Game(
        "holes", "read-exec", "memfd", "shared-anon", "private-file", "many-mappings=20")
      game.check(
        #"""
        local all = game:regions()
        assert(#all > 30) equal(all[0], nil) equal(all[#all + 1], nil)
        local count, last = 0, 0
        for i, region in pairs(all) do
          count = count + 1
          equal(i, count) assert(not math.ult(region.start, last))
          assert(math.ult(region.start, region.stop))
          equal(region.size, region.stop - region.start) equal(#region, region.size)
          last = region.stop
        end
        equal(count, #all)

        local function every(filter, test)
          local list = game:regions(filter)
          assert(#list > 0, "none")
          for _, region in ipairs(list) do assert(test(region), tostring(region)) end
          local fitting = 0
          for _, region in ipairs(all) do if test(region) then fitting = fitting + 1 end end
          equal(#list, fitting)
        end
        every({perms="rw"}, function(r) return r.perms:find("^rw") end)
        every({perms="r-x"}, function(r) return r.perms:find("^r%-x") end)
        every({perms="s"}, function(r) return r.perms:find("s$") end)
        every({perms="rw-p"}, function(r) return r.perms == "rw-p" end)
        every({perms="?w??"}, function(r) return r.perms:find("^.w") end)
        every({kind="heap"}, function(r) return r.kind == "heap" end)
        every({kind="heap|stack"}, function(r) return r.kind == "heap" or r.kind == "stack" end)
        every({kind="memfd"}, function(r) return r.name:find("memfd", 1, true) end)
        every({kind="shared"}, function(r) return r.kind == "shared" end)
        every({file="pvm-target"}, function(r) return r.name:find("pvm-target", 1, true) end)
        every({file="*/libc.so*"}, function(r) return r.name:find("/libc%.so[^/]*$") end)
        every({module="libc"}, function(r)
          local libc = game:module("libc")
          return not math.ult(r.start, libc.base) and math.ult(r.start, libc.stop)
        end)
        every({range={scratch, scratch + 1}}, function(r)
          return not math.ult(scratch, r.start) and math.ult(scratch, r.stop)
        end)
        every({size=65536}, function(r) return not math.ult(r.size, 65536) end)
        every({size={4096, 8192}}, function(r) return r.size >= 4096 and r.size <= 8192 end)
        every({perms="rw", exclude={"heap", "stack", {scratch, scratch + 1}}}, function(r)
          return r.perms:find("^rw") and r.kind ~= "heap" and r.kind ~= "stack"
            and not (not math.ult(scratch, r.start) and math.ult(scratch, r.stop))
        end)
        equal(#game:regions{module="no such module"}, 0)
        equal(tostring(game:regions{module="none"}), "no regions")
        assert(tostring(all):find("\n", 1, true))
        """#)
    }

    @Test("filters that make no sense are named")
    func badFilters() throws {
      let game = try Game()
      game.check(
        #"""
        refused("unknown option 'perm' (did you mean 'perms'?)", game.regions, game, {perm="rw"})
        refused("option 'perms': 'rwz' is no permission filter", game.regions, game, {perms="rwz"})
        refused("unknown kind 'haep' (did you mean 'heap'?)", game.regions, game,
          {kind="heap|haep"})
        refused("option 'range': a range is {first address", game.regions, game, {range={2, 1}})
        refused("option 'size': a size is the least", game.regions, game, {size={5, 1}})
        refused("a size is the least", game.regions, game, {size=-1})
        refused("unknown kind 'x'", game.regions, game, {exclude={"x"}})
        refused("option names are strings", game.regions, game, {"rw"})
        refused("table of options expected, got string", game.regions, game, "rw")
        """#)
    }

    @Test("finds the mapping of an address")
    func region() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local region = game:region(scratch + 5)
        equal(region.perms, "rw-p") equal(region.kind, "anon") equal(region.name, "")
        equal(region.offset, 0)
        equal(game:region(holes_gap), nil) equal(game:region(0), nil) equal(game:region(-1), nil)
        equal(game:region(module).name, game.exe) assert(game:region(module).inode > 0)
        refused("unknown field 'permissions'", function() return region.permissions end)
        """#)
    }

    @Test("keeps every byte of odd names")
    func oddNames() throws {
      let game = try Game("odd-names")
      game.check(
        #"""
        for _, kind in ipairs{"newline", "space", "nonutf8", "deleted", "fakedeleted", "heap",
          "backslash", "long", "forged"} do
          local address, hex = _G["odd_" .. kind], _G["odd_" .. kind .. "_name"]
          local name = hex:gsub("%x%x", function(two) return string.char(tonumber(two, 16)) end)
          -- maps does not tell a backslash followed by 012 from a newline
          if kind == "backslash" then name = name:gsub("\\012", "\n") end
          local region = game:region(address)
          equal(region.name, name, kind)
          equal(region.start, address, kind) equal(region.size, 4096, kind)
          equal(region.kind, kind == "forged" and "memfd" or "file", kind)
          equal(#game:regions{range={address, address + 1}}, 1, kind)
          assert(not tostring(region):find("[\n\xff]"), kind)
          equal(game:read(address, 64), pattern(0, 64), kind)
        end
        """#)
    }

    @Test("names modules")
    func modules() throws {
      let game = try Game()
      game.check(
        #"""
        local own = game:module("pvm-target")
        equal(own.base, module) equal(own.name, "pvm-target") equal(own.path, game.exe)
        equal(own.deleted, false)
        equal(own.size, own.stop - own.base)
        for _, name in ipairs{game.exe, "PVM-Target", own.path} do equal(game:module(name).base,
          module) end
        equal(game:module("libc").base, game:module("libc.so.6").base)
        equal(game:module("no such module"), nil) equal(game:module(""), nil)
        local names = {}
        for _, m in ipairs(game:modules()) do names[m.name] = m end
        equal(names["pvm-target"].base, module)
        """#)
    }

    @Test("a name that several modules have")
    func ambiguousModules() throws {
      let game = try Game()
      game.check("library = game:module('libm').path or game:module('libgcc_s').path")
      let library = try #require(game.state.globalText("library"))
      let folder = scratchFolder + "/" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      for name in ["one", "two"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/" + name, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: library, toPath: "\(folder)/\(name)/libtwin.so")
      }
      game.check(
        """
        local folder = "\(folder)"
        local twins = folder .. "/one/libtwin.so:" .. folder .. "/two/libtwin.so"
        local child = pvm.spawn({"sleep", "60"}, {env={LD_PRELOAD=twins}})
        while #child:regions{file="two/libtwin.so", perms="rw"} == 0 do pvm.sleep(0.002) end
        local err = fails("EAMBIGUOUS", child.module, child, "libtwin")
        equal(#err.candidates, 2)
        err = fails("EAMBIGUOUS", child.addr, child, "libtwin.so+1")
        assert(err.message:find("one/libtwin.so", 1, true), err.message)
        local one = child:module(folder .. "/one/libtwin.so")
        equal(child:addr('"' .. folder .. '/one/libtwin.so"+1'), one.base + 1)
        assert(#child:regions{module="libtwin"} >= 2)
        child:kill(9) child:wait_exit(20)
        """)
    }

    @Test("works out addresses")
    func addresses() throws {
      let game = try Game("broken-chain")
      game.check(
        #"""
        equal(game:addr("0x1000"), 0x1000) equal(game:addr("16+0x10-1"), 31)
        equal(game:addr("-1"), -1)
        equal(game:addr("pvm-target"), module) equal(game:addr("pvm-target+0x12"), module + 0x12)
        equal(game:addr("pvm-target-0x12"), module - 0x12)
        equal(game:addr("libc.so.6 + 1"), game:module("libc").base + 1)
        equal(game:addr('"' .. game.exe .. '"'), module)
        equal(game:addr("heap"), game:regions{kind="heap"}[1].start)
        equal(game:addr("[heap]"), game:addr("heap"))
        local chain = string.format("[[pvm-target+0x%x]+0x10]+8", root - module)
        equal(game:addr("[" .. chain .. "]+4"), gold)
        equal(game:read_i32(game:addr("[" .. chain .. "]")), 100)
        equal(game:addr(tostring(health)), health)

        local err = fails("EFAULT", game.addr, game, "[0x10]+8")
        equal(err.op, "evaluate")
        fails("ENOENT", game.addr, game, "nosuchmodule+4")
        for text, column in pairs{ [""]=1, ["+"]=1, ["game+"]=6, ["[game"]=1, ["game]"]=5,
          ["0xzz"]=1, ["a b"]=3,
            ["99999999999999999999"]=1, ["'x"]=1 } do
          local message = refused("bad argument #1 to 'addr'",
            function() return game:addr(text) end)
          assert(message:find("column " .. column .. ":", 1, true), text .. ": " .. message)
        end
        refused("nested deeper than 64", game.addr, game,
          string.rep("[", 70) .. "1" .. string.rep("]", 70))
        """#)
    }

    @Test("names addresses")
    func names() throws {
      let game = try Game()
      game.check(
        #"""
        equal(game:name_of(module), "pvm-target")
        equal(game:name_of(module + 0x12), "pvm-target+0x12")
        equal(game:name_of(game:addr("heap") + 0x40), "[heap]+0x40")
        equal(game:name_of(0x10), "0x10")
        equal(game:name_of(-1), "0xffffffffffffffff")
        for _, address in ipairs{root, take_damage, game:module("libc").base + 18,
          game:addr("stack+8")} do
          equal(game:addr(game:name_of(address)), address, game:name_of(address))
        end
        """#)
    }
  }
}
