internal import CLuaBridge

/// What a value has under names.
struct Members {
  let stack: RawStack
  let state: LuaState
  /// Tables behind a table that are looked into.
  private static let mostTables = 10

  /// - Parameter onlyFunctions: what can stand behind a colon.
  func of(_ known: Knowledge, onlyFunctions: Bool) -> [Candidate] {
    guard stack.hasRoom else { return [] }
    switch known {
    case .table(let name): return live(name, onlyFunctions)
    case .object(let owner, _): return declared(owner, onlyFunctions)
    case .string:
      stack.pushGlobals()
      stack.pushField(-1, "string")
      return stack.type(-1) == PVL_TABLE ? live("string", true) : []
    case .record(let fields): return onlyFunctions ? [] : fields.map { Candidate($0, .field) }
    default: return []
    }
  }

  // MARK: Declared classes

  private func declared(_ owner: ClassDeclaration, _ onlyFunctions: Bool) -> [Candidate] {
    var candidates: [Candidate] = []
    if !onlyFunctions {
      candidates += owner.fields.map { member in
        let type = member.results.first?.annotation ?? member.parameters.first?.annotation ?? ""
        return Candidate(
          member.name, .field, signature: type, summary: ManualText.line(member.summary))
      }
    }
    for method in owner.methods {
      candidates.append(Self.candidate(method, .method))
      if method.hasTwin {
        candidates.append(Self.candidate(method, .method, named: "try_" + method.name))
      }
    }
    return candidates.sorted { $0.text < $1.text }
  }

  static func candidate(
    _ declaration: Declaration, _ kind: Candidate.Kind, named name: String? = nil
  ) -> Candidate {
    let results = declaration.results.map(\.annotation).joined(separator: ", ")
    return Candidate(
      name ?? declaration.name, kind,
      signature: "(\(declaration.argumentList))" + (results.isEmpty ? "" : " -> \(results)"),
      summary: ManualText.line(declaration.summary), ending: "(")
  }

  // MARK: Tables

  /// The table on top of the stack, and those behind it.
  private func live(_ name: String?, _ onlyFunctions: Bool) -> [Candidate] {
    var candidates: [Candidate] = []
    var seen: Set<UInt> = []
    for _ in 0..<Self.mostTables {
      let table = stack.top
      guard seen.insert(stack.identity(table)).inserted else { break }
      entries(table, name, onlyFunctions, into: &candidates)
      guard stack.pushIndexTable(table) else { break }
    }
    candidates.sort { $0.text < $1.text }
    return seen.count > 1 ? candidates.withoutRepetition : candidates
  }

  private func entries(
    _ table: Int32, _ name: String?, _ onlyFunctions: Bool, into candidates: inout [Candidate]
  ) {
    stack.forEachEntry(table) {
      let type = stack.type(-1)
      if onlyFunctions, type != PVL_CALLABLE { return true }
      guard let (key, count) = stack.bytes(-2, limit: 128), key.count == count,
        ManualText.isNameBytes(key)
      else { return true }
      candidates.append(candidate(String(decoding: key, as: UTF8.self), type, name))
      return true
    }
  }

  /// The value lies on top.
  private func candidate(_ key: String, _ type: pvl_type, _ table: String?) -> Candidate {
    switch type {
    case PVL_CALLABLE:
      if let place = state.manualPlace(stack.declaredFunction(-1)) {
        return Self.candidate(place.declaration, .function, named: key)
      }
      return function(key, table)
    case PVL_TABLE: return Candidate(key, .table, signature: "table")
    case PVL_OBJECT:
      return Candidate(key, .variable, signature: state.className(stack.classID(-1)))
    case PVL_INTEGER, PVL_NUMBER:
      return Candidate(key, .variable, signature: "number", summary: stack.numberText(-1))
    case PVL_BOOLEAN:
      return Candidate(
        key, .variable, signature: "boolean", summary: stack.truth(-1) ? "true" : "false")
    case PVL_STRING:
      let (bytes, count) = stack.bytes(-1, limit: 40) ?? ([], 0)
      let more = count > bytes.count ? "..." : ""
      return Candidate(
        key, .variable, signature: "string",
        summary: ManualText.line("\"" + String(decoding: bytes, as: UTF8.self) + more + "\""))
    default: return Candidate(key, .variable, signature: stack.typeName(-1))
    }
  }

  private func function(_ key: String, _ table: String?) -> Candidate {
    let path = table == nil || table == "_G" ? key : "\(table ?? "").\(key)"
    if let entry = StandardLibrary.entry(path), stack.functionText(-1)?.place == nil {
      return Candidate(
        key, .function, signature: entry.arguments, summary: entry.summary, ending: "(")
    }
    let text = stack.functionText(-1)
    return Candidate(
      key, .function, signature: text?.argumentList ?? "(...)", summary: text?.place ?? "",
      ending: "(")
  }
}
