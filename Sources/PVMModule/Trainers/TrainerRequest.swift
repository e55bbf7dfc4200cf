import LuaHost
import MemoryModel
import RemoteMemory

/// A trainer as its file declares it.
struct TrainerRequest {
  /// Which process is meant.
  enum Target {
    case query(ProcessQuery, label: String)
    /// One that the script holds: nobody waits for another.
    case handle(ProcessHandle)

    var label: String {
      switch self {
      case .query(_, let label): label
      case .handle(let handle): handle.source.label
      }
    }
  }

  let name: String
  let target: Target
  let author: String?
  let about: String?
  let versions: TrainerVersions
  let cheats: [CheatRequest]

  private init(
    _ name: String, _ target: Target, _ author: String?, _ about: String?,
    _ versions: [KnownVersion], _ module: String?, _ cheats: [CheatRequest]
  ) throws {
    self.name = name
    self.target = target
    self.author = author
    self.about = about
    self.versions = TrainerVersions(known: versions, module: module)
    self.cheats = cheats
    if module != nil, versions.isEmpty {
      throw ArgumentMismatch("option 'module' goes with 'versions'")
    }
    guard !cheats.isEmpty else {
      throw ArgumentMismatch("option 'cheats': at least one is expected")
    }
    try Self.checkDistinct(cheats)
  }

  private static func checkDistinct(_ cheats: [CheatRequest]) throws {
    var names: [String: Int] = [:]
    var keys: [MenuKey: CheatRequest] = [:]
    for (index, cheat) in cheats.enumerated() {
      if let other = names.updateValue(index + 1, forKey: cheat.name.lowercased()) {
        throw ArgumentMismatch(
          "option 'cheats': cheats \(other) and \(index + 1) have the same name '\(cheat.name)'")
      }
      guard let key = cheat.key, let other = keys.updateValue(cheat, forKey: key) else { continue }
      throw ArgumentMismatch(
        "option 'cheats': '\(other.name)' and '\(cheat.name)' have the same key '\(key.text)'")
    }
  }

  static var parameter: Parameter<TrainerRequest> {
    Parameter<(String, Target, String?, String?, [KnownVersion], String?, [CheatRequest])>.options(
      "what the trainer is for, and what it can do",
      Parameter<String>("name", .text, "the title"),
      Parameter<Target>(
        "process", .trainerTarget,
        "which process, as for pvm.attach; or a pvm.process, and no other is waited for"),
      .optional("author", .text, "who made it"),
      .optional("about", .text, "a line about it"),
      Parameter<[KnownVersion]>(
        "versions", .knownVersions,
        "the versions it was made for: build-ids or SHA-256 of the file in hexadecimal digits, a list "
          + "or with names, `{[\"1.2\"]=\"5f0c...\"}`; any when left out",
        default: [], "{}"),
      .optional("module", .text, "the module whose version counts; the program itself"),
      Parameter<[CheatRequest]>("cheats", .cheats, "a list of tables, one a cheat")
    ).map(TrainerRequest.init)
  }

  /// The key of each cheat: its own, or the next that nobody has.
  var keys: [MenuKey?] {
    let taken = Set(cheats.compactMap(\.key))
    var spare = MenuKey.spare.filter { !taken.contains($0) }[...]
    return cheats.map { cheat in
      if let key = cheat.key { return key }
      if case .none = cheat.action { return nil }
      return spare.popFirst()
    }
  }
}

extension ArgumentType where Value == [CheatRequest] {
  /// A list of tables.
  fileprivate static var cheats: ArgumentType<[CheatRequest]> {
    ArgumentType("list of tables", annotation: "table[]") { call, index in
      guard call.kind(at: index) == .table, try !call.hasNamedEntries(at: index) else {
        throw ArgumentMismatch("a list of tables is expected: { {name=, patch=}, ... }")
      }
      return try call.itemNumbers(of: index).map { number in
        try call.item(number, of: index) { call, item in
          guard call.kind(at: item) == .table else {
            throw ArgumentMismatch("cheat \(number): \(call.mismatch("table", at: item).reason)")
          }
          return try ArgumentMismatch.at("cheat \(number)\(name(call, item))") {
            try call.readOptions(CheatRequest.parameter, at: item)
          }
        }
      }
    }
  }
}

extension ArgumentType where Value == [CheatRequest] {
  /// What a cheat is called, for a message about it; empty where it does not say.
  private static func name(_ call: borrowing Call, _ table: Int32) -> String {
    let bytes = try? call.field("name", of: table) { call, field in
      try call.kind(at: field) == .string ? call.bytes(at: field) : []
    }
    guard let bytes, !bytes.isEmpty else { return "" }
    return " '\(printable(Array(bytes.prefix(60))))'"
  }
}

extension ArgumentType where Value == TrainerRequest.Target {
  /// A process, or what finds one.
  fileprivate static var trainerTarget: ArgumentType<TrainerRequest.Target> {
    ArgumentType(
      "pid, name, criteria or process", annotation: "integer|string|pvm.query|pvm.process"
    ) { call, index in
      if call.kind(at: index) == .object {
        return .handle(try ArgumentType<ProcessHandle>.object("pvm.process").read(call, index))
      }
      let query = try ArgumentType<ProcessQuery>.query.read(call, index)
      return .query(query, label: label(try call.value(at: index)))
    }
  }

  /// What was asked for, in words.
  private static func label(_ value: LuaValue) -> String {
    switch value {
    case .bytes(let name): return printable(name)
    case .table(let table):
      for name in ["name", "exe", "cmdline"] {
        if case .bytes(let text) = table[name] { return printable(text) }
      }
      return "the process"
    default: return value.wholeNumber.map { "process \($0)" } ?? "the process"
    }
  }
}
