import Foundation
import LuaHost
import Testing

extension ModuleTests {
  @Suite("scans")
  struct ScanTests {
    /// Where the game leaves memory alone: 4 KiB of zeroes to plant things in.
    static let field = #"""
      field = {range={scratch, scratch + 4096}}
      game:fill(scratch, 4096)
      function here(options)
        local all = {range={scratch, scratch + 4096}}
        for k, v in pairs(options or {}) do all[k] = v end
        return all
      end
      """#

    private func game(_ layouts: String) throws -> Game {
      let game = try Game(layouts)
      game.check(Self.field)
      return game
    }

    @Test("wrong options and values say what is wrong and what to do")
    func wrongUse() throws {
      let game = try game("block=1")
      game.check(
        #"""
        local scan = function(...) return game:scan(...) end
        refused("did you mean", scan, "i32", 1, {algin=4})
        refused("algin", scan, "i32", 1, {algin=4})
        refused("did you mean", scan, "i23", 1)
        refused("i32", scan, "i23", 1)
        refused("a value, or a comparison", scan, "i32")
        refused("a value, or a comparison", scan, "i32", {})
        refused("a value, or a comparison", scan, "i32", {kind="heap"})
        refused("a value and a comparison are one too many", scan, "i32", 1, {less=3})
        refused("a value and a comparison are one too many", scan, "i32", 1, {unknown=true})
        refused("one comparison at a time", scan, "i32", {less=3, greater=1})
        refused("between is {low, high}", scan, "i32", {between={1}})
        refused("between is {low, high}", scan, "i32", {between={1, 2, 3}})
        refused("exclude each other", scan, "f32", 1, {digits=2, tolerance=0.5})
        refused("align", scan, "i32", 1, {align=0})
        refused("threads", scan, "i32", 1, {threads=0})
        refused("memory", scan, "i32", 1, {memory=-1})
        refused("number", scan, "i32", "five")
        refused("not a number", scan, "i32", {between={"1", "2"}})
        refused("number", scan, "i32", print)
        -- A string that is a number is one, as everywhere in Lua.
        game:write_u32(scratch, 0x5A)
        equal(#scan("u32", "0x5A", field), 1)
        refused("progress", scan, "i32", 1, {progress=5})
        refused("digits", scan, "f32", 1, {digits=401})
        local wrong = {}
        for _, case in ipairs{
          {"i32", {between={9, 1}}, "EINVAL", "write 1, 9"}, {"u8", 300, "ERANGE", "300"},
          {"i8", -129, "ERANGE", "-129"}, {"u8", {between={0, 300}}, "ERANGE", "300"},
          {"i32", 2^40, "ERANGE", "i32"}, {"i32", 1.5, "ERANGE", "1.5"},
          {"f32", 1e300, "ERANGE", "f32"}, {"f32", 0/0, "EINVAL", "bit pattern"},
          {"f64", {less=0/0}, "EINVAL", "NaN"}, {"i32", {one_of={}}, "EINVAL", "at least one"},
          {"u8", {equal=1, xor=0x1ff}, "EINVAL", "0x1ff"},
          {"u8", {equal=1, mask=0}, "EINVAL", "mask"}, {"f32", {equal=1, mask=1}, "EINVAL", "u32"},
          {"f32", {equal=1, tolerance=-1}, "EINVAL", "tolerance"},
          {"i32", {equal=1, scale=0}, "EINVAL", "scale"}, {"bool", {less=true}, "EINVAL", "u8"},
          {"i32", true, "ERANGE", ""}, {"int", 1.5, "EINVAL", "no type"},
        } do
          local type, value, code, text = table.unpack(case)
          local ok, err = pcall(scan, type, value)
          local what = code .. " " .. text .. " wanted of " .. type .. ": " .. tostring(err)
          if ok or err.code ~= code or not err.message:find(text, 1, true) then
            wrong[#wrong + 1] = what
          end
          local result, problem = game:try_scan(type, value)
          equal(result, nil) equal(problem.code, err.code) equal(problem.message, err.message)
        end
        equal(wrong, {})
        equal(game:scan("any", 2^200, field).types, {f64=0})
        equal((pcall(game.try_scan, game, "nonsense", 1)), false)
        """#)
    }

    @Test("hits are cells that can be read and written, in any order of bytes and disguise")
    func cells() throws {
      let game = try game("block=1")
      game.check(
        #"""
        game:write_i32(scratch + 8, -77) game:write(scratch + 16, "\x12\x34\x56\x78")
        game:write_u32(scratch + 24, 1000 ~ 0x5a5a) game:write_f64(scratch + 32, 3.14159)
        game:write(scratch + 41, "\x4d\x03\x02\x01")

        local hits = game:scan("i32", -77, field)
        equal(#hits, 1) equal(hits[1].address, scratch + 8) equal(hits[1].value, -77)
        equal(hits[1].type, "i32") equal(hits[1].size, 4) equal(hits[1].old, -77)
        equal(hits[0], nil) equal(hits[2], nil) equal(hits[-1], nil) equal(hits[math.mininteger], nil)
        hits[1].value = 5
        equal(game:read_i32(scratch + 8), 5) equal(hits[1].value, 5) equal(hits[1].old, -77)
        local five = hits:next(5)
        equal(#five, 1) equal(five[1].old, 5) equal(five[1].first, -77)
        equal(five.parent.title, hits.title) equal(#five.parent, 1) equal(five.first[1].old, -77)
        assert(five[1].region.start <= scratch)
        equal(hits:has(scratch + 8), true) equal(hits:has(scratch + 9), false)
        equal(hits:at(scratch + 8).address, scratch + 8) equal(hits:at(scratch), nil)
        refused("number or boolean expected", function() hits[1].value = "x" end)
        fails("ERANGE", function() hits[1].value = 1 << 40 end)

        local big = game:scan("u32be", 0x12345678, field)
        equal(#big, 1) equal(big[1].value, 0x12345678)
        big[1].value = 0x01020304
        equal(game:read(scratch + 16, 4), "\1\2\3\4") equal(big[1].value, 0x01020304)

        local xor = game:scan("u32", 1000, here{xor=0x5a5a})
        equal(#xor, 1) equal(xor[1].address, scratch + 24) equal(xor[1].value, 1000)
        xor[1].value = 2000
        equal(game:read_u32(scratch + 24), 2000 ~ 0x5a5a) equal(xor[1].value, 2000)
        equal(#xor:next(2000), 1) equal(#xor:next(2001), 0) equal(#xor:increased(), 1)
        equal(#xor:increased_by(1000), 1) equal(#xor:increased_by(999), 0)
        equal(xor:next(2000)[1].old, 2000) equal(xor:next(2000)[1].first, 1000)

        equal(#game:scan("f64", 3.14, here{digits=2}), 1) equal(#game:scan("f64", 3.14, field), 0)
        equal(#game:scan("f64", 3, here{cut=0}), 1)
        equal(#game:scan("f64", 3, here{tolerance=0.2}), 1)

        local odd = game:scan("u32", 0x0102034d, here{align=1})
        equal(#odd, 1) equal(odd[1].address, scratch + 41)
        """#)
    }

    @Test("steps can be undone, and compared with any of them")
    func history() throws {
      let game = try game("block=1")
      game.check(
        #"""
        for i = 0, 9 do game:write_i32(scratch + 4 * i, 100 + i) end
        local all = game:scan("i32", here{between={100, 109}})
        equal(#all, 10)
        game:write_i32(scratch, 50)
        local less = all:decreased()
        equal(#less, 1) equal(less[1].old, 50) equal(less[1].first, 100)
        local undone = less.parent
        equal(#undone, 10) equal(undone.title, all.title) equal(undone.parent, nil)
        equal(#undone:unchanged(), 9)
        game:write_i32(scratch, 100)
        equal(#less:unchanged{since="first"}, 1) equal(#less:unchanged(), 0)
        equal(#less:changed{since="first"}, 0) equal(#less:increased{since=less}, 1)
        equal(#less:compare("first", "unchanged"), 1)
        equal(#less:increased_by(50), 1) equal(#less:percent(99, 101), 1)
        refused("first", less.changed, less, {since="second"})
        local steps = less:unchanged{since="first"}:history()
        equal(#steps, 3) equal(steps[1].title, all.title) equal(#steps[2], 1)
        equal(less:forget().parent, nil)
        -- Branches know nothing of each other.
        equal(#all:next(105), 1) equal(#all:next(106), 1) equal(#all, 10)
        """#)
    }

    @Test("groups keep types apart")
    func groups() throws {
      let game = try game("block=1")
      game.check(
        #"""
        game:write_i16(scratch + 2, 777) game:write_f32(scratch + 8, 777)
        local hits = game:scan("any", 777, here{align=2})
        assert(hits.types.i16 >= 1 and hits.types.f32 == 1 and hits.types.i8 == nil)
        equal(#hits:only("f32"), 1) equal(hits:only("f32")[1].address, scratch + 8)
        refused("did you mean", hits.only, hits, "f23")
        local next = hits:next(777)
        equal(next.types, hits.types)
        game:write_f32(scratch + 8, 777.5)
        equal(hits:increased().types.f32, 1) equal(hits:increased().types.i16, 0)
        equal(#hits:next(777.5), 1)
        """#)
    }

    @Test("words for none, one and many hits")
    func texts() throws {
      let game = try game("block=1")
      game.check(
        #"""
        local none = game:scan("i32", 31337, field)
        equal(#none, 0)
        assert(tostring(none):find("^0 hits, i32 = 31337, in process"), tostring(none))
        assert(not tostring(none):find("\n"))
        equal(none[1], nil) equal(none:page(1), tostring(none)) equal(none:page(9), tostring(none))
        equal(#none:next(1), 0) equal(#none:unchanged(), 0) equal(none:values(), {})
        equal(none:addresses(), {}) equal(none:to_table(), {})
        for _ in none:each() do error("none") end
        game:write_i32(scratch, 31337)
        local one = game:scan("i32", 31337, field)
        assert(tostring(one):find("^1 hit, i32 = 31337"), tostring(one))
        local _, lines = tostring(one):gsub("\n", "")
        equal(lines, 1)
        assert(tostring(one):find(string.format("0x%x", scratch), 1, true))
        for i = 1, 49 do game:write_i32(scratch + 4 * i, 31337) end
        local many = game:scan("i32", 31337, field)
        equal(#many, 50)
        assert(tostring(many):find("... 30 more", 1, true), tostring(many))
        assert(many:page(3):find("41", 1, true) and not many:page(3):find("more", 1, true))
        assert(many:page(1, 5):find("... 45 more", 1, true))
        equal(select(2, many:page(2, 50):gsub("\n", "")), 0)
        many:page(1 << 40, 10000)
        refused("page", many.page, many, 0) refused("size", many.page, many, 1, 0)
        local count = 0
        for address, value, type in many:each() do
          count = count + 1
          equal(address, scratch + 4 * (count - 1)) equal(value, 31337) equal(type, "i32")
        end
        equal(count, 50)
        equal(#many:values(2, 4), 3) equal(#many:addresses(49), 2) equal(#many:values(51), 0)
        equal(many:to_table(1, 1)[1], {address=scratch, type="i32", value=31337, old=31337})
        """#)
    }

    @Test("JSON lines and CSV keep what needs escapes")
    func exports() throws {
      let game = try game("block=1")
      let path = scratchFolder + "/pvm-export-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: path) }
      game.check("path = [==[\(path)]==]")
      game.check(
        #"""
        local function file() local f <close> = io.open(path, "rb") return f:read("a") end
        game:write(scratch, 'he said "a,b"\n\t\\\1\xc3\xa9')
        local hits = game:find_string('he said "a,b"\n\t\\\1\xc3\xa9', field)
        equal(#hits, 1)
        equal(hits:json(path), 1)
        local line = file()
        assert(line:find([["value":"he said \"a,b\"\n\t\\\u0001é"]], 1, true), line)
        equal(select(2, line:gsub("\n", "")), 1)
        equal(hits:csv(path), 1)
        local text = file()
        assert(text:find("^address,type,value,old,place\r\n"), text)
        assert(text:find('"he said ""a,b""\n\t\\\1é"', 1, true), text)
        game:write_f64(scratch + 64, 1/0) game:write_f64(scratch + 72, 2.5)
        equal(game:scan("f64", {at_least=2.5, range={scratch + 64, scratch + 80}}):json(path), 2)
        local lines = file()
        assert(lines:find('"value":2.5', 1, true), lines)
        assert(not lines:find('"value":inf', 1, true), lines)
        equal(game:scan("i32", 31337, field):json(path), 0) equal(file(), "")
        equal(game:scan("i32", 31337, field):csv(path), 0)
        fails("ENOENT", hits.json, hits, "/no/such/folder/x") fails("ENOSPC", hits.csv, hits, "/dev/full")
        """#)
    }

    @Test("hits outlive the handle and the target")
    func targetGone() throws {
      let game = try game("block=1")
      game.check(
        #"""
        for i = 0, 99 do game:write_i32(scratch + 4 * i, 4242) end
        hits = game:scan("i32", 4242, field)
        other = pvm.attach(game.pid)
        closed = other:scan("i32", 4242, field)
        other:close()
        -- What was found goes on, as cells and plans do.
        equal(#closed, 100) equal(closed[7].address, scratch + 24) equal(closed[7].old, 4242)
        equal(closed[1].value, 4242) equal(#closed:next(4242), 100) equal(#closed:changed(), 0)
        equal(#closed:filter(function() return {true} end), 1)
        assert(#tostring(closed) > 0 and #closed:page(2) > 0)
        refused("pvm.process is closed", other.scan, other, "i32", 1)
        refused("pvm.process is closed", other.find, other, "00")
        """#)
      game.target.end()
      game.check(
        #"""
        equal(#hits, 100) equal(hits[100].old, 4242) equal(hits[1].first, 4242)
        fails("ESRCH", function() return hits[1].value end)
        fails("ESRCH", hits.next, hits, 4242) fails("ESRCH", hits.changed, hits)
        fails("ESRCH", game.scan, game, "i32", 1) fails("ESRCH", hits.values, hits)
        fails("ESRCH", game.find, game, "'x'") fails("ESRCH", game.find_string, game, "x")
        assert(tostring(hits):find("unreadable", 1, true), tostring(hits))
        equal(#hits:addresses(), 100) equal(#hits:limit(3), 3)
        local _ = hits.holes, hits.stats
        """#)
    }

    @Test("labels that would pass the greatest number are refused")
    func labels() throws {
      let game = try game("block=1")
      game.check(
        #"""
        for i = 0, 9 do game:write_i64(scratch + 8 * i, 4242) end
        local hits = game:scan("i64", 4242, field)
        equal(#hits, 10)
        refused("label", hits.label, hits, math.maxinteger)
        refused("label", hits.label, hits, math.maxinteger - 8)
        equal(#hits:next(4242), 10)
        local labels = hits:label(math.maxinteger - 9)
        equal(game:read_i64(scratch + 72), math.maxinteger)
        equal(labels[math.maxinteger].address, scratch + 72) equal(labels[math.mininteger], nil)
        equal(labels:restore(), 10) equal(#hits:next(4242), 10)
        """#)
    }

    @Test("collected hits give their memory back")
    func collected() throws {
      let game = try game("block=1")
      game.check(
        #"""
        -- With room for four of these scans and none on top, the fifth goes to disk.
        local limit = 0
        do
          local hits = game:scan("u8", {unknown=true, range={block, block + block_bytes}})
          equal(#hits, block_bytes)
          assert(hits.stats.memory >= block_bytes and hits.stats.disk == 0)
          local poor = game:scan("u8", {unknown=true, range={block, block + block_bytes}, memory=0})
          equal(#poor, block_bytes)
          assert(poor.stats.memory == 0 and poor.stats.disk >= block_bytes)
          equal(poor[12345].old, hits[12345].old)
          equal(#poor:unchanged(), block_bytes)
        end
        collectgarbage() collectgarbage()
        """#)
      let before = game.state.memoryUsage.openHandles
      game.check(
        #"""
        for _ = 1, 40 do
          local hits = game:scan("u8", {unknown=true, range={block, block + block_bytes}})
          hits = hits:unchanged():unchanged()
          equal(#hits, block_bytes)
        end
        """#)
      // Each weighs a MiB and more, so that Lua collects them without being asked.
      #expect(game.state.memoryUsage.openHandles - before < 120)
      game.check("collectgarbage() collectgarbage()")
      #expect(game.state.memoryUsage.openHandles == before)
    }
  }
}
