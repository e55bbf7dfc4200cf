/// What a help page looks like.
extension Manual {
  /// The page of one function, method or field.
  func page(_ entry: ManualEntry) -> String {
    let declaration = entry.declaration
    var parts = [entry.signature, ManualText.wrapped(declaration.summary, indent: "  ")]
    func add(_ title: String, _ body: String) {
      if !body.isEmpty { parts.append("\(title)\n\(body)") }
    }
    add("Parameters", parameterRows(declaration))
    add("Results", ManualText.columns(declaration.results.map { ($0.name, $0.explanation) }))
    add("Assignment", assignment(entry))
    add("Errors", errors(entry))
    add("Source", ManualText.wrapped(declaration.source.joined(separator: ", "), indent: "  "))
    add("Example", ManualText.indented(declaration.example?.trimmed ?? ""))
    add("Notes", ManualText.wrapped(declaration.notes?.trimmed ?? "", indent: "  "))
    add("See also", ManualText.wrapped(declaration.seeAlso.joined(separator: ", "), indent: "  "))
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The page of a class: its members, a line each.
  func page(_ owner: ClassDeclaration) -> String {
    var text = "\(owner.name)\n\n" + ManualText.wrapped(owner.summary, indent: "  ") + "\n"
    let groups = [
      ("Fields", owner.fields), ("Methods", owner.methods), ("Operators", owner.operators),
    ]
    for (title, members) in groups where !members.isEmpty {
      text += "\n\(title)\n" + rows(members, of: owner) + "\n"
    }
    if let method = owner.methods.first {
      let topic = "\(shortName(owner)).\(method.name)"
      text += "\n\(module.name).help(\"\(topic)\") explains one of them.\n"
    }
    return text
  }

  /// The page of an error code: what it says, and what can fail with it.
  func codePage(_ code: String) -> String? {
    let raisers = entries(failingWith: code)
    let note = codes.first { $0.code == code }?.note
    guard note != nil || !raisers.isEmpty else { return nil }
    let parts = [
      code, ManualText.wrapped(note ?? "", indent: "  "),
      raisers.isEmpty ? "" : "Raised by\n" + rows(raisers),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  func featurePage() -> String {
    let rows = module.features.map { ($0.name, $0.isPresent ? "yes" : "no") }
    return "\(module.name).features\n\n  What this build can do.\n"
      + (rows.isEmpty ? "" : "\n" + ManualText.columns(rows) + "\n")
  }

  func list(_ entries: [ManualEntry], title: String) -> String {
    "\(ManualText.line(title))\n\(rows(entries))\n"
  }

  func rows(_ members: [Declaration], of owner: ClassDeclaration?) -> String {
    rows(members.map { ManualEntry($0, of: owner, in: module.name) })
  }

  private func rows(_ entries: [ManualEntry]) -> String {
    ManualText.columns(entries.map { ($0.spelling, ManualText.line($0.declaration.summary)) })
  }

  private func parameterRows(_ declaration: Declaration) -> String {
    declaration.parameters.map { parameter in
      let row = ManualText.columns([(parameter.name, parameter.explanation)])
      guard !parameter.options.isEmpty else { return row }
      let options = parameter.options.map { ($0.name, $0.explanation) }
      return row + "\n" + ManualText.columns(options, indent: "    ")
    }.joined(separator: "\n")
  }

  private func assignment(_ entry: ManualEntry) -> String {
    guard entry.declaration.role == .getter,
      let setter = entry.owner?.setter(entry.declaration.name)
    else { return "" }
    return setter.parameters.map {
      ManualText.wrapped("\(entry.spelling) = \($0.explanation)", indent: "  ")
    }.joined(separator: "\n")
  }

  private func errors(_ entry: ManualEntry) -> String {
    guard !entry.declaration.failures.isEmpty else { return "" }
    var text = "Raises " + entry.declaration.failures.joined(separator: ", ") + "."
    if let twin = entry.twinSpelling {
      text += " \(twin) returns nil and the error instead."
    }
    return ManualText.wrapped(text, indent: "  ")
  }
}

extension ResultText {
  /// "integer: how many".
  var explanation: String {
    [annotation, note].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

extension String {
  /// Without blank lines and spaces at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
