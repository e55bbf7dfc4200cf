/// The manual of a module, made from its declarations alone: help pages, an editor definition, a
/// luacheck standard and a Markdown reference. The same declarations give the same bytes.
public struct Manual {
  let module: ModuleDeclaration
  /// What each error code means, in the order of the reference.
  let codes: [(code: String, note: String)]
  /// Everything that has a page of its own, in the order of the manual.
  let entries: [ManualEntry]

  /// - Parameters:
  ///   - module: what scripts see.
  ///   - codes: the error codes and what each of them says; codes that only the declarations name are
  ///     listed without a note.
  public init(_ module: ModuleDeclaration, codes: [(code: String, note: String)] = []) {
    self.module = module
    self.codes = codes
    entries =
      module.functions.map { ManualEntry($0, of: nil, in: module.name) }
      + module.classes.flatMap { owner in
        owner.pagedMembers.map { ManualEntry($0, of: owner, in: module.name) }
      }
  }

  /// The generated files: `pvm.d.lua` for lua-language-server, `pvm.luacheckrc` for luacheck and
  /// `reference.md`. Each ends with one newline.
  public func files() -> [(name: String, text: String)] {
    [
      ("\(module.name).d.lua", editorDefinition()),
      ("\(module.name).luacheckrc", luacheckStandard()),
      ("reference.md", reference()),
    ]
  }

  /// Every code that something can fail with: the described ones first, then the rest by name.
  var failureCodes: [(code: String, note: String)] {
    let named = Set(entries.flatMap(\.declaration.failures))
    let described = Set(codes.map(\.code))
    return codes + named.subtracting(described).sorted().map { ($0, "") }
  }

  /// The entries that can fail with a code.
  func entries(failingWith code: String) -> [ManualEntry] {
    entries.filter { $0.declaration.failures.contains(code) }
  }
}

extension ClassDeclaration {
  /// The name without the module's in front: "process" of "pvm.process".
  func shortName(in module: String) -> String {
    name.hasPrefix(module + ".") ? String(name.dropFirst(module.count + 1)) : name
  }

  /// Members with a page: all but the assignment to a field that is also read, and the answer for
  /// names that nobody declared.
  var pagedMembers: [Declaration] {
    members.filter { member in
      member.role != .unknownField && member.role != .unknownAssignment
        && (member.role != .setter || getter(member.name) == nil)
    }
  }

  func getter(_ name: String) -> Declaration? {
    members.first { $0.role == .getter && $0.name == name }
  }

  func setter(_ name: String) -> Declaration? {
    members.first { $0.role == .setter && $0.name == name }
  }

  /// Fields in the order of the manual, those that are only assigned included.
  var fields: [Declaration] { pagedMembers.filter { $0.role == .getter || $0.role == .setter } }
  var methods: [Declaration] { members.filter { $0.role == .function } }
  /// What `object[i]`, `#object` and their like do.
  var operators: [Declaration] {
    members.filter { $0.role == .item || $0.role == .metamethod }
  }
}
