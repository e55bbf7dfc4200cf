import LuaHost
import PVMModule
import Testing

/// A declaration with the name of the module or class it belongs to.
struct Declared: CustomTestStringConvertible, @unchecked Sendable {
  let owner: String
  let declaration: Declaration
  var testDescription: String { "\(owner).\(declaration.name)" }

  static let all: [Declared] = {
    let module = PVMModule.declaration
    return module.functions.map { Declared(owner: module.name, declaration: $0) }
      + module.classes.flatMap { type in
        type.members.map { Declared(owner: type.name, declaration: $0) }
      }
  }()

  /// Functions and methods.
  static let functions = all.filter { $0.declaration.role == .function }
}

extension ModuleTests {
  @Suite("the declarations")
  struct DeclarationTests {
    @Test("says what it does, takes and gives", arguments: Declared.functions)
    func isComplete(_ declared: Declared) {
      let declaration = declared.declaration
      #expect(declaration.summary.hasSuffix("."))
      for parameter in declaration.parameters + declaration.parameters.flatMap(\.options) {
        #expect(!parameter.note.isEmpty, "\(parameter.name)")
        #expect(!parameter.annotation.isEmpty, "\(parameter.name)")
      }
      for result in declaration.results { #expect(!result.note.isEmpty, "\(result.name)") }
      #expect(declaration.example != nil)
    }

    @Test("calls no two options the same", arguments: Declared.functions)
    func hasDistinctOptions(_ declared: Declared) {
      for parameter in declared.declaration.parameters {
        let names = parameter.options.map(\.name)
        #expect(Set(names).count == names.count, "\(names)")
      }
    }

    @Test("is named in small letters", arguments: Declared.all)
    func isSnakeCase(_ declared: Declared) {
      let special = [Declaration.Role.item, .unknownField, .unknownAssignment]
        .contains(declared.declaration.role)
      let names = special ? [] : [declared.declaration.name]
      let options = declared.declaration.parameters.flatMap { [$0] + $0.options }.map(\.name)
      for name in names + options where name != "..." {
        #expect(
          name.allSatisfy { $0 == "_" || $0.isNumber || ($0.isLetter && $0.isLowercase) }, "\(name)"
        )
      }
    }

    /// Functions that touch no process, and so cannot meet an error of the world outside.
    static let harmless: Set<String> = [
      "pvm.sleep", "pvm.poll", "pvm.now", "pvm.every", "pvm.after", "pvm.task", "pvm.run",
      "pvm.stop", "pvm.timer.cancel", "pvm.sizeof", "pvm.hexdump", "pvm.help", "pvm.manual",
      "pvm.target_path", "pvm.process.close", "pvm.process.on_exit", "pvm.process.close_input",
      "pvm.values.get", "pvm.values.table", "pvm.values.faults",
      "pvm.buffer.get", "pvm.buffer.bytes", "pvm.hits.has", "pvm.hits.at", "pvm.hits.page",
      "pvm.hits.history", "pvm.hits.forget", "pvm.hits.addresses", "pvm.hits.nearest",
      "pvm.labels.restore", "pvm.labels.close", "pvm.watcher.changed", "pvm.watcher.rose",
      "pvm.watcher.fell", "pvm.watcher.changed_to", "pvm.watcher.changes", "pvm.watcher.faults",
      "pvm.watcher.address", "pvm.moment.get", "pvm.moment.table", "pvm.track.only",
      "pvm.track.cells",
      "pvm.pause.resume", "pvm.freezes", "pvm.process.freezes", "pvm.freeze.release",
      "pvm.journals", "pvm.process.patches",
      "pvm.diff.before_address", "pvm.diff.regions",
      "pvm.struct", "pvm.type.offset_of", "pvm.path", "pvm.path.offset", "pvm.type.size",
      "pvm.type.fields",
      "pvm.view.address_of", "pvm.view.cell", "pvm.guess.layout",
    ]

    @Test("declares how it fails", arguments: Declared.functions)
    func declaresFailures(_ declared: Declared) {
      let isHarmless = Self.harmless.contains(declared.testDescription)
      #expect(declared.declaration.failures.isEmpty == isHarmless)
      for code in declared.declaration.failures {
        #expect(code.allSatisfy { $0.isUppercase || $0.isNumber })
      }
    }

    @Test("is there, with its twin", arguments: Declared.all.filter { $0.owner == "pvm" })
    func isInstalled(_ declared: Declared) throws {
      let state = try Game.state()
      let name = declared.declaration.name
      let twin = declared.declaration.hasTwin
      let chunk = """
        assert(type(pvm.\(name)) == "function")
        assert((rawget(pvm, "try_\(name)") ~= nil) == \(twin))
        """
      #expect(state.run(.text(chunk, name: "=test")) == .completed)
    }
  }
}
