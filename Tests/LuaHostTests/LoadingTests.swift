import Foundation
import LuaHost
import Testing

extension LuaTests {
  @Suite("Text-only loading")
  struct LoadingTests {
    @Test("bytecode is refused by load, loadfile, dofile and require, and as a chunk")
    func bytecode() throws {
      let fixture = try Fixture()
      let folder = FileManager.default.temporaryDirectory.appending(path: "loading-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      fixture.check("folder = [[\(folder.path)]]")
      fixture.check(
        """
        local code = string.dump(function() return 1 end)
        local f, message = load(code)
        assert(not f and message:find("attempt to load a binary chunk"), message)
        assert(not load(code, "x", "b") and not load(code, "x", "bt") and not load(code, "x", ""))
        local sent
        f, message = load(function() if not sent then sent = true return code end end)
        assert(not f and message:find("attempt to load a binary chunk"), message)
        for i, start in ipairs { "", "#!/usr/bin/lua\\n" } do
          local path = folder .. "/binary" .. i .. ".lua"
          local file <close> = assert(io.open(path, "w"))
          file:write(start, code)
          file:flush()
          f, message = loadfile(path)
          assert(not f and message:find("attempt to load a binary chunk"), message)
          assert(not loadfile(path, "b") and not loadfile(path, "bt"))
          assert(not pcall(dofile, path))
          package.path = folder .. "/?.lua"
          local ok, message = pcall(require, "binary" .. i)
          assert(not ok and message:find("attempt to load a binary chunk"), message)
        end
        """)
      let outcome = fixture.state.run(.file(folder.appending(path: "binary1.lua").path))
      #expect(outcome.text.contains("attempt to load a binary chunk"))
      let bytes: [UInt8] = Array("\u{1B}Lua".utf8)
      #expect(fixture.state.run(.bytes(bytes, name: "=x")).text.contains("binary chunk"))
    }

    @Test("text loads as ever")
    func text() throws {
      let fixture = try Fixture()
      let folder = FileManager.default.temporaryDirectory.appending(path: "loading-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      try "#!shebang\nlocal name, path = ...\nreturn { name, path }".write(
        to: folder.appending(path: "mod.lua"), atomically: true, encoding: .utf8)
      try "return ) 1".write(
        to: folder.appending(path: "bad.lua"), atomically: true, encoding: .utf8)
      fixture.check("folder = [[\(folder.path)]]")
      fixture.check(
        """
        assert(load("return 1 + 1")() == 2 and load("return x", "c", "t", {x = 5})() == 5)
        assert(load("return x", nil, nil, {x = 6})() == 6 and load("x = ", "=c") == nil)
        local parts = {"return ", "7"}
        assert(load(function() return table.remove(parts, 1) end)() == 7)
        assert(select(2, load("return ) 1", "=name")) == "name:1: unexpected symbol near ')'")
        assert(select(2, load(function() error("reader") end)):find("reader"))
        assert(loadfile(folder .. "/mod.lua")("a")[1] == "a" and dofile(folder .. "/mod.lua")[1] == nil)
        assert(select(2, loadfile(folder .. "/none.lua")):find("cannot open"))
        package.path = folder .. "/?.lua"
        local m, path = require("mod")
        assert(m[1] == "mod" and m[2] == path and path == folder .. "/mod.lua" and require("mod") == m)
        local ok, message = pcall(require, "bad")
        assert(message:find("error loading module 'bad' from file '" .. folder .. "/bad.lua':", 1, true))
        ok, message = pcall(require, "none")
        assert(message:find("module 'none' not found:\\n\\tno field package.preload['none']", 1, true))
        assert(message:find("no file '" .. folder .. "/none.lua'", 1, true))
        """)
    }

    @Test(
      "wrong arguments are named as ever",
      arguments: [
        ("load()", "bad argument #1 to 'load' (function expected, got no value)"),
        ("load({})", "bad argument #1 to 'load' (function expected, got table)"),
        ("load('x', {})", "bad argument #2 to 'load' (string expected, got table)"),
        ("load('x', 'x', {})", "bad argument #3 to 'load' (string expected, got table)"),
        ("loadfile({})", "bad argument #1 to 'loadfile' (string expected, got table)"),
        ("dofile({})", "bad argument #1 to 'dofile' (string expected, got table)"),
        ("require()", "bad argument #1 to 'require' (string expected, got no value)"),
      ])
    func wrongUse(_ script: String, _ message: String) throws {
      let fixture = try Fixture()
      #expect(fixture.error(script) == "test:1: " + message)
    }
  }
}
