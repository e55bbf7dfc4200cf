import LuaHost
import PVMModule
import Testing

/// An example of the manual: the name of its declaration, and the Lua.
struct Example: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  var testDescription: String { name }

  static let all: [Example] = {
    let module = PVMModule.declaration
    let members = module.classes.flatMap { type in type.members.map { (type.name, $0) } }
    let named = module.functions.map { (module.name, $0) } + members
    return named.compactMap { owner, declaration in
      declaration.example.map { Example(name: "\(owner).\(declaration.name)", text: $0) }
    }
  }()

  /// What a comment `--> value` promises to be printed, by line.
  var promises: [(line: Int, value: String)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      index, line in
      guard let arrow = line.firstRange(of: "--> ") else { return nil }
      return (index + 1, String(line[arrow.upperBound...]))
    }
  }
}

extension ModuleTests {
  @Suite("the examples of the manual")
  struct ExampleTests {
    /// Notes by which line what was printed, with blanks for tabs.
    private static let listener = #"""
      printed = ""
      function print(...)
        local parts = table.pack(...)
        for i = 1, parts.n do parts[i] = tostring(parts[i]) end
        local line = debug.getinfo(2, "l").currentline
        printed = printed .. line .. "\1" .. table.concat(parts, " ") .. "\2"
      end
      """#

    @Test("runs, and prints what it promises", arguments: Example.all)
    func keepsItsWord(_ example: Example) throws {
      let game = try Game()
      game.check(Self.listener)
      game.check(example.text)
      let printed = (game.state.globalText("printed") ?? "").split(separator: "\u{2}")
      for promise in example.promises {
        let lines = printed.filter { $0.hasPrefix("\(promise.line)\u{1}") }
        let values = lines.map { String($0[$0.index(after: $0.firstIndex(of: "\u{1}")!)...]) }
        #expect(values == [promise.value], "line \(promise.line)")
      }
    }

    @Test("some of them promise something")
    func promise() { #expect(Example.all.count { !$0.promises.isEmpty } > 15) }
  }
}
