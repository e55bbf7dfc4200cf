import LuaHost
import Testing

extension LuaTests {
  @Suite("Completion")
  struct CompletionTests {
    let fixture: Fixture
    let completer: Completer

    init() throws {
      fixture = try Fixture()
      var sources = CompletionSources()
      sources.files = { [Candidate($0 + "file.lua", .file), Candidate($0 + "folder/", .folder)] }
      sources.libraries = { _ in [Candidate("lfs", .library), Candidate("lpeg", .library)] }
      completer = Completer(fixture.state, sources)
      fixture.check(
        """
        b = crate.box(5)
        nested = {inner={deep=true, word="x", [1]=2, ["no name"]=3}, fn=function(alpha, beta, ...) end}
        behind = setmetatable({own=1}, {__index=setmetatable({base=2}, {__index={root=function() end}})})
        trap = setmetatable({}, {__index=function() error("called") end, __pairs=error, __len=error})
        setmetatable(_G, {__index=function(_, name) error("global " .. name) end})
        """)
    }

    private func texts(_ entry: String) -> [String] {
      completer.complete(Array(entry.utf8)).candidates.map(\.text)
    }

    @Test(
      "offers at the end of",
      arguments: [
        ("nest", ["nested"]), ("nested.", ["fn", "inner"]), ("nested.inner.", ["deep", "word"]),
        ("nested.inner['word']:rep", ["rep"]), ("nested:", ["fn"]), ("cra", ["crate"]),
        ("x = crate.bo", ["box", "boxes"]), ("crate.box(1).la", ["label"]),
        ("crate.box(1):ta", ["take"]), ("crate.box{}:sa", ["same"]), ("b:same():same():fi", ["fire"]),
        ("(b):clo", ["close"]), ("b:pair():ad", ["add"]), ("b:try", ["try_take"]), ("b.val", ["value"]),
        ("behind.", ["base", "own", "root"]), ("behind:", ["root"]), ("trap.", []), ("trap.x.", []),
        ("nosuch.", []), ("nosuch:", []), ("b.value.", []), ("string.for", ["format"]),
        ("('x'):up", ["upper"]), ("\"x\":lo", ["lower"]), ("whi", ["while"]), ("b:TAK", ["take"]),
        ("local box1 = crate.box(1)\nbox1:ta", ["take"]),
        ("local first = b\nlocal second = first\nsecond:ta", ["take"]),
        ("local x = x.y x:", []), ("function f(apple, pear) return app", ["apple"]),
        ("1 + nest", ["nested"]), ("{nest", ["nested"]), ("-- nest", []), ("--[[ nest", []),
        ("--[[ x ]] nest", ["nested"]), ("x = 12", []), ("x = 0x", []), ("...", []),
        ("require 'l", ["lfs", "lpeg"]), ("require(\"lp", ["lpeg"]),
        ("io.open('a/", ["a/file.lua", "a/folder/"]), ("x = [[a", ["afile.lua", "afolder/"]),
        ("crate.version:le", ["len"]), ("_", []), ("crate.features.", ["paint", "wheels"]),
      ] as [(String, [String])])
    func offers(_ entry: String, _ expected: [String]) {
      let found = texts(entry)
      if expected.isEmpty, entry.last == "." && entry.hasPrefix("...") { return }
      if entry == "_" { return #expect(found.allSatisfy { $0.hasPrefix("_") }) }
      #expect(found == expected)
    }

    @Test("offers every name at the start, and no hidden one")
    func start() {
      let names = texts("")
      #expect(names.contains("crate") && names.contains("print") && names.contains("nested"))
      #expect(!names.contains("_G"))
      #expect(texts("_").contains("_G"))
    }

    @Test(
      "knows the options of a call",
      arguments: [
        ("crate.box(1, {", ["label", "limit", "mode"]), ("crate.box(1, {l", ["label", "limit"]),
        ("crate.box(1, {label='x', ", ["limit", "mode"]), ("crate.box(1, {mode=", ["\"open\"", "\"shut\""]),
        ("crate.box(1, {mode='", ["open", "shut"]), ("crate.box(1, {mode = \"sh", ["shut"]),
        ("crate.box{", ["label", "limit", "mode"]), ("crate.flag(", ["true", "false"]),
        ("crate.box(1, function() local a, b = {", []), ("x = {mode=", []),
      ] as [(String, [String])])
    func options(_ entry: String, _ expected: [String]) {
      let found = texts(entry)
      if expected.isEmpty {
        #expect(!found.contains("label") && !found.contains("\"open\""))
      } else {
        #expect(Array(found.prefix(expected.count)) == expected)
      }
    }

    @Test(
      "hints at the parameter being typed",
      arguments: [
        ("crate.sum(", "crate.sum(«a», [b]) -> integer"), ("crate.sum(1, ", "crate.sum(a, «[b]») -> integer"),
        ("crate.sum(f(1, 2), {3, 4}, ", "crate.sum(a, [b]) -> integer"),
        ("b:add(1", "box:add(«n») -> integer"), ("b.add(b, ", "box:add(«n») -> integer"),
        ("b.add(", "box:add(n) -> integer"), ("nested.fn(1, ", "nested.fn(alpha, «beta», ...)"),
        ("nested.fn(1, 2, 3, 4", "nested.fn(alpha, beta, «...»)"),
        ("string.rep('x', ", "string.rep(s, «n», [sep])"), ("crate.task(f, 1, 2, ", "crate.task(f, «...») -> integer"),
        ("crate.sum(1, '", "crate.sum(a, «[b]») -> integer"),
      ])
    func hints(_ entry: String, _ expected: String) {
      let hint = completer.complete(Array(entry.utf8)).hint
      let marked = hint.map { $0.current.isEmpty ? $0.text : "\($0.before)«\($0.current)»\($0.after)" }
      #expect(marked == expected)
    }

    @Test("has no hint where no known call is", arguments: ["f(", "(", "crate.sum(1)", "if (", "nosuch.x("])
    func noHint(_ entry: String) { #expect(completer.complete(Array(entry.utf8)).hint == nil) }

    @Test("tells kind, signature and summary, and what comes behind")
    func details() throws {
      let take = try #require(completer.complete(Array("b:ta".utf8)).candidates.first)
      #expect(take.kind == .method && take.signature == "(n) -> integer")
      #expect(take.summary == "Takes from the value." && take.ending == "(")
      let option = try #require(completer.complete(Array("crate.box(1, {mo".utf8)).candidates.first)
      #expect(option.kind == .option && option.ending == "=")
      let word = completer.complete(Array("crate.box(1, {mode=\"o".utf8))
      #expect(word.candidates.first?.ending == "\"" && word.range == 20..<21)
      #expect(completer.complete(Array("nested.inn".utf8)).range == 7..<10)
      let folder = completer.complete(Array("x = 'a".utf8)).candidates.last
      #expect(folder?.kind == .folder && folder?.ending == "")
      #expect(Completion(range: 0..<0, candidates: [Candidate("aé", .field), Candidate("aè", .field)]).commonPrefix == "a")
    }

    @Test("runs nothing of the script and leaves the stack as it was, whatever is typed")
    func hostile() {
      fixture.check("count = 0; setmetatable(_G, {__index=function() count = count + 1 end})")
      let pieces = [
        "b", "nested", "behind", "trap", "crate", ".", ":", "(", ")", "{", "}", "[", "]", "'", "\"",
        ",", "=", " ", "inner", "box", "1", "function", "end", "local", "x", "--", "[[", "\n", "é",
      ]
      var state: UInt64 = 5
      for _ in 0..<4000 {
        var text = ""
        for _ in 0..<14 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          text += pieces[Int(state >> 33) % pieces.count]
        }
        let found = completer.complete(Array(text.utf8))
        #expect(found.range.upperBound <= text.utf8.count)
      }
      fixture.check("assert(rawget(_G, 'count') == 0)")
    }

    @Test("ten thousand names")
    func many() {
      fixture.check("many = {} for i = 1, 10000 do many['name' .. i] = i end")
      #expect(texts("many.").count == 10_000)
      #expect(texts("many.name99").count == 111)
    }
  }
}
