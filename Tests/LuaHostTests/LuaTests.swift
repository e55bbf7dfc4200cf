import LuaHost
import Testing

/// Every test that runs Lua lies in an extension of this suite, one after the other: Ctrl-C is a
/// matter of the whole process.
@Suite("Lua in a process", .serialized)
struct LuaTests {}

/// A state with the test module in it.
struct Fixture {
  let module = TestModule()
  let state: LuaState

  init(memoryLimit: Int? = nil) throws {
    var configuration = LuaState.Configuration()
    configuration.memoryLimit = memoryLimit
    state = try #require(LuaState(configuration))
    try state.install(module.declaration)
  }

  @discardableResult
  func run(_ text: String) -> Outcome { state.run(.text(text, name: "=test")) }

  /// Runs a chunk that must succeed.
  func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let outcome = run(text)
    if outcome != .completed {
      Issue.record("\(outcome.text)", sourceLocation: sourceLocation)
    }
  }

  /// The first line of the error that a chunk ends with.
  func error(_ text: String) -> String {
    let message = run(text).text
    return String(message.prefix { $0 != "\n" })
  }
}

extension Outcome {
  var text: String { String(decoding: message, as: UTF8.self) }
}
