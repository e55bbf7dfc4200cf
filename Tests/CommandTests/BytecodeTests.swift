import Testing

/// Lua does not check bytecode, and a changed chunk crashes it; so none is ever loaded.
@Suite("bytecode is refused")
struct BytecodeTests {
  /// Writes s.luac (a dumped chunk) and h.luac (the same behind a # line), then runs the rest.
  private static let dump = """
    local code = string.dump(function() print("ran") end)
    local function save(name, text) local f = assert(io.open(name, "wb")) f:write(text) f:close() end
    save("s.luac", code) save("h.luac", "#!/usr/bin/pvmlua\\n" .. code) save("m.lua", code)

    """

  private func folder() throws -> Scratch {
    let folder = try Scratch()
    let run = try Run(["-e", Self.dump], prelude: "cd \(folder.path)")
    try #require(run.status == .exited(0), "\(run.error)")
    return folder
  }

  @Test(
    "inside a script",
    arguments: [
      "load(code)", "load(code, 'n', 'b')", "load(code, 'n', 'bt')", "load(code, 'n', 't', {})",
      "load(coroutine.wrap(function() for c in code:gmatch('.') do coroutine.yield(c) end end))",
      "loadfile('s.luac')", "loadfile('s.luac', 'b')", "loadfile('h.luac', 'bt', {})",
      "pcall(dofile, 's.luac') and error('ran')", "pcall(require, 'm') and error('ran')",
      "package.searchers[2]('m')",
    ])
  func script(_ attempt: String) throws {
    let folder = try folder()
    let check =
      "local code = string.dump(function() print('ran') end)\n"
      + "local ok, value = pcall(function() return \(attempt) end)\n"
      + "assert(not ok or not value, 'it was loaded') print('refused')"
    let run = try Run(["-e", check], prelude: "cd \(folder.path)")
    #expect(run.output == "refused\n")
    #expect(run.error == "")
    #expect(run.status == .exited(0))
  }

  @Test(
    "on the command line",
    arguments: [
      ["s.luac"], ["h.luac"], ["-l", "m"], ["--", "s.luac"], ["-e", "dofile('s.luac')"],
    ])
  func commandLine(_ arguments: [String]) throws {
    let folder = try folder()
    let run = try Run(arguments, prelude: "cd \(folder.path)")
    #expect(run.status == .exited(1))
    #expect(run.output == "")
    #expect(run.error.contains("attempt to load a binary chunk"))
  }

  @Test(
    "on standard input and from LUA_INIT",
    arguments: ["exec <s.luac", "exec <h.luac", "export LUA_INIT=@s.luac"])
  func standardInput(_ prelude: String) throws {
    let folder = try folder()
    let run = try Run([], prelude: "cd \(folder.path); \(prelude)")
    #expect(run.status == .exited(1))
    #expect(run.output == "")
    // Behind a # line Lua takes standard input for text, and stops at the first byte.
    #expect(
      run.error.contains("attempt to load a binary chunk")
        || run.error.contains("unexpected symbol near '<\\27>'"))
  }

  /// Mutants of one to three bytes, behind the signature, from a generator of our own.
  private static let mutants = """
    local code = string.dump(function(a, b)
      local t = {a, b, "text", 1.5} for i = 1, #t do t[i] = t[i] .. i end
      return function() return t, a end
    end)
    local seed = 20240517
    local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed // 65536 % n + 1 end
    local function mutant()
      local bytes = {code:byte(1, -1)}
      for _ = 1, random(3) do bytes[1 + random(#bytes - 1)] = random(256) - 1 end
      return string.char(table.unpack(bytes))
    end

    """

  @Test("1500 mutants through load, loadfile, dofile and require")
  func mutants() throws {
    let folder = try Scratch()
    let check = """
      local refused = 0
      local function save(text) local f = assert(io.open("mutant.lua", "wb")) f:write(text) f:close() end
      for i = 1, 1500 do
        local text = mutant()
        save(text)
        local loaded = load(text) or load(text, "=m", "b") or loadfile("mutant.lua")
          or pcall(dofile, "mutant.lua") or pcall(require, "mutant")
        if not loaded then refused = refused + 1 end
      end
      print(refused)
      """
    let run = try Run(["-e", Self.mutants + check], prelude: "cd \(folder.path)")
    #expect(run.output == "1500\n")
    #expect(run.status == .exited(0))
  }

  @Test("mutants as the script and on standard input", arguments: ["", "exec <mutant"])
  func mutantsOutside(_ prelude: String) throws {
    for count in 1...20 {
      let folder = try Scratch()
      let save =
        "local text for i = 1, \(count) do text = mutant() end\n"
        + "local f = assert(io.open('mutant', 'wb')) f:write(text) f:close()"
      _ = try Run(["-e", Self.mutants + save], prelude: "cd \(folder.path)")
      let run = try Run(prelude.isEmpty ? ["mutant"] : [], prelude: "cd \(folder.path); \(prelude)")
      #expect(run.status == .exited(1))
      #expect(run.error.contains("attempt to load a binary chunk"))
    }
  }
}
