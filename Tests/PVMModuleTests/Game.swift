import LuaHost
import PVMModule
import RemoteMemory
import Testing

/// A Lua state with the module in it, attached to a running target: `game` is the process, and
/// every key that the target printed is a global.
final class Game {
  let target: Target
  let state: LuaState

  /// - Parameters:
  ///   - layouts: of the target.
  ///   - memoryLimit: bytes that Lua may hold; 64 MiB are enough for every test but the hostile.
  init(
    _ layouts: String..., mode: AccessMode = .readWrite, memoryLimit: Int = 64 << 20,
    program: String? = nil
  ) throws {
    target = try Target(layouts: layouts, program: program)
    state = try Self.state(mode: mode)
    check(bindings)
    state.setMemoryLimit(memoryLimit)
  }

  deinit { state.close() }

  /// A state with the module and the words of the tests, attached to nothing.
  static func state(mode: AccessMode = .readWrite) throws -> LuaState {
    let state = try #require(LuaState(LuaState.Configuration()))
    try PVMModule.install(in: state, session: Session(mode: mode, targetPath: Target.path))
    try #require(state.run(.text(words, name: "=words")) == .completed)
    return state
  }

  @discardableResult
  func run(_ text: String) -> Outcome { state.run(.text(text, name: "=test")) }

  /// Runs a chunk that must succeed.
  func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let outcome = run(text)
    if outcome != .completed { Issue.record("\(outcome.text)", sourceLocation: sourceLocation) }
  }

  /// Lua that attaches and binds what the target printed.
  private var bindings: String {
    let keys = target.texts.map { key, value in
      value.hasPrefix("0x") ? "\(key) = \(value)" : "\(key) = [==[\(value)]==]"
    }
    return (["game = pvm.attach(\(target.id))"] + keys).joined(separator: "\n")
  }

  /// What the tests say in Lua.
  ///
  /// - `equal(got, wanted [, what])`: the same values, tables included.
  /// - `fails(code, f, ...)`: raises an error object with this code; returns it.
  /// - `refused(text, f, ...)`: raises wrong use that says this; returns the text.
  /// - `pattern(first, count)`: what patterned areas hold.
  private static let words = #"""
    local function show(v)
      if type(v) == "string" then return string.format("%q", v) end
      if type(v) ~= "table" then return tostring(v) end
      local parts = {}
      for key, value in pairs(v) do parts[#parts + 1] = tostring(key) .. "=" .. show(value) end
      return "{" .. table.concat(parts, ", ") .. "}"
    end
    local function same(a, b)
      if type(a) ~= "table" or type(b) ~= "table" then
        return math.type(a) == math.type(b) and (a == b or a ~= a and b ~= b)
      end
      for key, value in pairs(a) do if not same(value, b[key]) then return false end end
      for key in pairs(b) do if a[key] == nil then return false end end
      return true
    end
    function equal(got, wanted, what)
      if same(got, wanted) then return end
      error((what or "value") .. ": got " .. show(got) .. ", wanted " .. show(wanted), 2)
    end
    function fails(code, f, ...)
      local ok, err = pcall(f, ...)
      if ok then error("no error, wanted " .. code, 2) end
      if type(err) ~= "table" or err.code ~= code then
        error("wanted " .. code .. ", got " .. tostring(err), 2)
      end
      return err
    end
    function refused(text, f, ...)
      local ok, err = pcall(f, ...)
      if ok then error("no error, wanted: " .. text, 2) end
      if type(err) == "string" and err:find(text, 1, true) then return err end
      error("wanted: " .. text .. "\n  got: " .. tostring(err), 2)
    end
    function pattern(first, count)
      local bytes = {}
      for i = first, first + count - 1 do
        bytes[#bytes + 1] = string.char((i * 31 + i // 256) % 256)
      end
      return table.concat(bytes)
    end
    """#
}

extension Outcome {
  var text: String { String(decoding: message, as: UTF8.self) }
}
