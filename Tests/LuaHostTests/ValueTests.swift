import LuaHost
import Testing

extension LuaTests {
  @Suite("Values in and out")
  struct ValueTests {
    @Test("copies keep what they copy")
    func copies() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local t = crate.echo({1, 2, {3}, a = "x\\0y", b = {c = false}, [2^40 | 0] = "far"})
        assert(t[2] == 2 and t[3][1] == 3 and t.a == "x\\0y" and t.b.c == false and t[2^40 | 0] == "far")
        local b = crate.box(4)
        assert(crate.echo(b) == b and crate.echo({b})[1].value == 4)
        assert(crate.echo(print) == print and crate.echo(nil) == nil)
        assert(crate.echo(math.mininteger) == math.mininteger and crate.echo(0/0) ~= crate.echo(0/0))
        assert(math.type(crate.echo(1.0)) == "float" and crate.echo("") == "")
        assert(crate.echo(setmetatable({}, {__index = error, __len = error, __pairs = error})))
        """)
    }

    @Test("deep and cyclic tables are refused")
    func depth() throws {
      let fixture = try Fixture()
      fixture.check("function nest(n) local t = {} for _ = 2, n do t = {t} end return t end")
      fixture.check("crate.size(nest(100))")
      for script in [
        "crate.size(nest(101))", "crate.size(nest(1e5))", "local t = {} t[1] = t crate.size(t)",
        "local t = {} t.t = t crate.size(t)", "local t = {} t[t] = 1 crate.size(t)",
        "local t = {} t[2.5] = {t} crate.size(t)",
      ] {
        #expect(
          fixture.error(script).contains("table is too deep (or contains itself)"), "\(script)")
      }
      fixture.check("crate.levels(64)")
      #expect(fixture.error("crate.levels(65)").contains("a result has more than 64 levels"))
      #expect(fixture.error("crate.levels(1000)").contains("a result has more than 64 levels"))
      #expect(fixture.state.memoryUsage.parcels == 0)
    }

    @Test("large tables")
    func large() throws {
      let fixture = try Fixture()
      fixture.check(
        "local t = {} for i = 1, 1000000 do t[i] = i end assert(crate.size(t) == 1000000)")
      fixture.check(
        "local t = {} for i = 1, 100000 do t['k' .. i] = i end assert(crate.size(t) == 100000)")
      fixture.check(
        "local t = {} for i = 1, 100000 do t[i * 2] = i end assert(crate.size(t) == 100000)")
      fixture.check("assert(#crate.echo(table.move({1}, 1, 1, 100000, {})) >= 0)")
      fixture.check(
        "local b = crate.boxes(100000) assert(#b.list == 100000 and b.list[100000].value == 99999)")
    }

    @Test("a table of shared tables does not unfold without end")
    func shared() throws {
      let fixture = try Fixture()
      let error = fixture.error("local t = {1} for _ = 1, 60 do t = {t, t} end crate.size(t)")
      #expect(error.contains("table has too many entries"))
    }

    @Test("every operation of a reply")
    func everything() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local r = table.pack(crate.everything("arg", print))
        assert(r.n == 50 and r[1] == nil and r[2] == true and r[3] == math.mininteger and r[4] == 0.5)
        assert(r[5] == "\\0\\255\\n" and r[6] == ("A"):rep(3000) and r[7].value == 7)
        assert(r[8] == "arg" and r[9] == print and #r[10] == 8 and r[10][8].value == 7)
        assert(r[10].inner[1 << 40] == "far" and r[10].inner.box.value == 1)
        assert(r[11] == 0 and r[50] == 39)
        """)
    }

    @Test("strings filled in place, and too large ones")
    func filled() throws {
      let fixture = try Fixture()
      fixture.check("assert(crate.fill(0) == '' and #crate.fill(1 << 20) == 1 << 20)")
      #expect(fixture.error("crate.fill(1 << 40)") == "test:1: not enough memory")
      fixture.check("assert(#crate.fill(10) == 10)")
    }
  }
}
