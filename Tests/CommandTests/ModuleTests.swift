import Testing

@Suite("modules of others")
struct ModuleTests {
  @Test("lua-cjson loads", .enabled(if: Program.hasModule("cjson"), "lua-cjson is not installed"))
  func cjson() throws {
    let run = try Run([
      "-l", "cjson", "-e",
      "print(cjson.encode{a = {1, 2, 'x'}}, cjson.decode('[1, {\"b\": 2.5}]')[2].b)",
      "-e", "print(pcall(cjson.decode, '[1,'))",
    ])
    #expect(run.output.hasPrefix("{\"a\":[1,2,\"x\"]}\t2.5\nfalse\t"))
    #expect(run.status == .exited(0))
  }

  @Test("lua-lpeg loads", .enabled(if: Program.hasModule("lpeg"), "lua-lpeg is not installed"))
  func lpeg() throws {
    let run = try Run([
      "-e", "local l = require 'lpeg' print(l.match(l.C(l.R'09'^1) * ',' * l.C(1), '123,x'))",
      "-e", "print(require 're'.match('key = value', '{ %w+ } %s* \"=\" %s* { %w+ }'))",
    ])
    #expect(run.output == "123\tx\nkey\tvalue\n")
    #expect(run.status == .exited(0))
  }

  @Test("Lua files load by LUA_PATH")
  func path() throws {
    let folder = try Scratch([
      "first.lua": "return {name = ..., second = require 'second'}", "second.lua": "return 2",
    ])
    let run = try Run(
      ["-e", "local m = require 'first' print(m.name, m.second)"],
      environment: ["LUA_PATH": "\(folder.path)/?.lua"])
    #expect(run.output == "first\t2\n")
    #expect(run.status == .exited(0))
  }

  @Test("pvm is there as a global and for require")
  func pvm() throws {
    let run = try Run([
      "-e", "print(require 'pvm' == pvm, package.loaded.pvm == pvm)", "-l", "p=pvm", "-e",
      "print(p == pvm)",
    ])
    #expect(run.output == "true\ttrue\ntrue\n")
  }

  // MARK: Planted modules

  private static let planted = "print('planted'); return {}"

  /// Asks for json and x, and says what came of it.
  private static let ask = "print(pcall(require, 'json')) print(pcall(require, 'x'))"

  private func planted(mode: String) throws -> Scratch {
    let folder = try Scratch(["json.lua": Self.planted, "x.so": "no library"])
    _ = try Run("chmod", [mode, folder.path])
    return folder
  }

  @Test(
    "root loads none from a folder that others may write to",
    .enabled(if: Program.isRoot, "only root is protected so"), arguments: ["777", "1777", "770"])
  func untrusted(_ mode: String) throws {
    let folder = try planted(mode: mode)
    let run = try Run(["-e", Self.ask], prelude: "cd \(folder.path)")
    #expect(!run.output.contains("planted"))
    #expect(!run.output.contains("./x.so"))
    #expect(run.output.contains("not looked for in the current folder"))
    #expect(run.status == .exited(0))
    let asScript = try Run(["-l", "json"], prelude: "cd \(folder.path)")
    #expect(asScript.status == .exited(1))
  }

  @Test(
    "root loads none from a folder of someone else's, or below one",
    .enabled(if: Program.isRoot, "only root is protected so"))
  func foreign() throws {
    let folder = try planted(mode: "755")
    _ = try Run("mkdir", ["-m", "755", folder.path + "/below"])
    _ = try Run("cp", [folder.path + "/json.lua", folder.path + "/below"])
    _ = try Run("chown", ["65534", folder.path])
    for place in [folder.path, folder.path + "/below"] {
      let run = try Run(["-e", Self.ask], prelude: "cd \(place)")
      #expect(!run.output.contains("planted"))
    }
  }

  @Test("from a folder of our own they load, and from a named one", arguments: [nil, "./?.lua"])
  func trusted(_ path: String?) throws {
    let folder = try planted(mode: path == nil ? "700" : "777")
    let run = try Run(
      ["-e", "require 'json'"], environment: path.map { ["LUA_PATH": $0] } ?? [:],
      prelude: "cd \(folder.path)")
    #expect(run.output == "planted\n")
  }

  @Test(
    "-E does not bring the current folder back",
    .enabled(if: Program.isRoot, "only root is protected so"))
  func withoutEnvironment() throws {
    let folder = try planted(mode: "777")
    let run = try Run(
      ["-E", "-e", Self.ask], environment: ["LUA_PATH": "./?.lua"], prelude: "cd \(folder.path)")
    #expect(!run.output.contains("planted"))
  }
}
