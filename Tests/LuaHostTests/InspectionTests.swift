import LuaHost
import Testing

extension LuaTests {
  @Suite("Looking at values")
  struct InspectionTests {
    /// What `probe(...)` was called with last.
    final class Seen { var values: [InspectedValue] = [] }

    let state: LuaState
    let seen = Seen()

    init() throws {
      let module = TestModule()
      state = try #require(LuaState(LuaState.Configuration()))
      try state.install(module.declaration)
      let seen = seen
      let probe = Declaration.function(
        "probe", "Looks.", Parameter<Void>("...", .rest, "at these"), returns: .nothing
      ) { call, _ in
        var limits = InspectionLimits()
        limits.depth = 3
        limits.entries = 20
        limits.bytes = 100
        limits.describesObject = { $0 is Box }
        seen.values = stride(from: Int32(1), through: call.argumentCount, by: 1).map {
          call.inspect(at: $0, limits: limits)
        }
      }
      try #require(state.setGlobal("probe", to: probe) == .completed)
    }

    private func look(_ text: String) throws -> InspectedValue {
      let outcome = state.run(.text("probe(\(text))", name: "=test"))
      try #require(outcome == .completed, "\(outcome.text)")
      return try #require(seen.values.first)
    }

    /// A form to compare.
    private func form(_ value: InspectedValue) -> String {
      switch value {
      case .null: "nil"
      case .boolean(let truth): "\(truth)"
      case .integer(let number): "\(number)"
      case .number(let text): text
      case .bytes(let bytes, let count):
        "'\(String(decoding: bytes, as: UTF8.self))'" + (count > bytes.count ? "+\(count)" : "")
      case .table(let table):
        "{" + (table.items.map(form) + (table.itemCount > table.items.count ? ["/\(table.itemCount)"] : [])
          + table.fields.map { form($0.key) + "=" + form($0.value) }
          + (table.fieldCount > table.fields.count ? ["/\(table.fieldCount)"] : [])).joined(separator: " ") + "}"
      case .cycle(let levels): "^\(levels)"
      case .deeper(let entries): "deep\(entries)"
      case .declared(let place): place.signature
      case .function(let text): (text.name ?? "function") + text.argumentList
      case .object(let object, let name): object == nil ? "closed \(name)" : name
      case .described(let bytes, _): "<\(String(decoding: bytes, as: UTF8.self))>"
      case .failed(let bytes, let name): "!\(name) \(String(decoding: bytes, as: UTF8.self))"
      }
    }

    @Test(
      "shows",
      arguments: [
        ("nil", "nil"), ("true", "true"), ("-5", "-5"), ("1.5", "1.5"), ("2.0", "2.0"), ("1/0", "inf"),
        ("'a\\0b'", "'a\0b'"), ("('x'):rep(200)", "'" + String(repeating: "x", count: 100) + "'+200"),
        ("{3, 1, 2}", "{3 1 2}"), ("{b=1, a=2, [10]=3, [2.5]=4, [true]=5}", "{2.5=4 10=3 'a'=2 'b'=1 true=5}"),
        ("{1, 2, nil, 4}", "{1 2 nil 4}"), ("{{{{1}}}}", "{{{deep1}}}"), ("{{{{}}}}", "{{{deep0}}}"),
        ("(function() local t = {1} t.me = t t.sub = {up=t} return t end)()", "{1 'me'=^1 'sub'={'up'=^2}}"),
        ("(function() local t = {} for i = 1, 50 do t[i] = i % 2 end return #t, t end)()", "50"),
        ("crate.sum", "crate.sum(a [, b]) -> integer"), ("crate.box(1).take", "box:take(n) -> integer"),
        ("crate.try_fail", "crate.fail([message [, hint]]) -> integer, boolean"),
        ("function(a, b, ...) end", "function(a, b, ...)"), ("string.format", "string.format(...)"),
        ("print", "print(...)"), ("crate.box(7)", "<box(7)>"), ("crate.lid()", "lid"),
        ("(function() local b = crate.box(1) b:close() return b end)()", "closed box"),
        ("setmetatable({}, {__tostring=function() return 'me' end})", "<me>"),
        ("{setmetatable({}, {__tostring=function() return 'me' end})}", "{<me>}"),
        ("setmetatable({}, {__tostring=function() return {} end})", "!table '__tostring' must return a string"),
        ("setmetatable({}, {__tostring=function() return 5 end})", "<5>"),
        ("setmetatable({}, {__name='Gadget', __tostring=function() error('oh', 0) end})", "!Gadget oh"),
        ("setmetatable({}, {__tostring=function() error({}) end})", "!table no text"),
        ("setmetatable({5}, {__index=error, __len=error, __pairs=error})", "{5}"),
        ("coroutine.running()", "<thread"), ("io.stdout", "<file ("),
      ])
    func shows(_ value: String, _ expected: String) throws {
      let form = form(try look(value))
      if expected.first == "<", expected.last != ">" {
        #expect(form.hasPrefix(expected))
      } else {
        #expect(form == expected)
      }
    }

    @Test("cuts long tables and counts what is left")
    func long() throws {
      let list = form(try look("(function() local t = {} for i = 1, 50 do t[i] = 0 end return t end)()"))
      #expect(list == "{" + String(repeating: "0 ", count: 20) + "/50}")
      let map = form(try look("(function() local t = {} for i = 1, 300 do t['k' .. i] = 0 end return t end)()"))
      #expect(map.hasSuffix("/300}"))
    }

    @Test("a __tostring that changes the table it lies in harms nobody")
    func mutation() throws {
      let text = """
        (function()
          local t = {}
          local meta = {__tostring=function() for k in pairs(t) do t[k] = nil end
            for i = 1, 100 do t["new" .. i] = i end collectgarbage() return "x" end}
          for i = 1, 30 do t["k" .. i] = setmetatable({}, meta) end
          return t
        end)()
        """
      guard case .table(let table) = try look(text) else {
        Issue.record("no table")
        return
      }
      #expect(table.fieldCount == 30 && table.fields.count == 20)
    }

    @Test("Ctrl-C ends a __tostring that does not return")
    func interrupt() {
      state.declareInterrupt()
      let text = """
        probe(setmetatable({}, {__tostring=function() while true do pcall(interrupt) end end}))
        """
      let outcome = state.run(.text(text, name: "=test"))
      #expect(outcome.isInterrupted)
      #expect(state.run(.text("probe(1)", name: "=test")) == .completed)
    }

    @Test("no object outlives its state, and no memory suffices for everything")
    func memory() throws {
      state.setMemoryLimit(3 << 20)
      for _ in 0..<3 {
        _ = state.run(
          .text("local t = {} for i = 1, 4000 do t['k' .. i] = {i} end probe(t, ('x'):rep(500000))", name: "=test"))
      }
      #expect(state.run(.text("probe({1})", name: "=test")) == .completed)
      #expect(state.memoryUsage.parcels == 0)
    }
  }
}

extension Outcome {
  fileprivate var isInterrupted: Bool {
    if case .interrupted = self { return true }
    return false
  }
}

extension LuaState {
  /// Declares `interrupt()`: as if Ctrl-C had come meanwhile.
  fileprivate func declareInterrupt() {
    let interrupt = Declaration.function("interrupt", "Interrupts.", returns: .nothing) { call in
      call.host.interrupt()
    }
    _ = setGlobal("interrupt", to: interrupt)
  }
}
