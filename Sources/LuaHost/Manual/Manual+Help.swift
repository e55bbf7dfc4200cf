/// Pages of text for a terminal.
extension Manual {
  /// The page of a function, class, method or field: "attach", "pvm.attach", "process", "read",
  /// "process.read", "process:try_read". A name that several classes have gives a list of them.
  ///
  /// - Returns: nil for a name that is not in the manual; ``suggestions(for:)`` may know a near one.
  public func help(for name: String) -> String? {
    let key = normalised(name)
    if key == module.name { return overview() }
    if let constant = module.constants.first(where: { $0.name == key }) {
      return "\(module.name).\(constant.name) = \(ManualText.luaLiteral(constant.value))\n\n"
        + ManualText.wrapped(constant.note, indent: "  ") + "\n"
    }
    if key == "features" { return featurePage() }
    if let described = codePage(key) { return described }
    let classes = module.classes.filter { shortName($0) == key }.map(page)
    let found = entries(named: key)
    let others = found.count > 2 ? [list(found, title: "\(key):")] : found.map(page)
    let pages = classes + others
    return pages.isEmpty ? nil : pages.joined(separator: "\n")
  }

  /// What the module has, a line each.
  public func overview() -> String {
    var text = "\(module.name): \(ManualText.line(module.summary))\n"
    if !module.functions.isEmpty {
      text += "\nFunctions\n" + rows(module.functions, of: nil) + "\n"
    }
    if !module.classes.isEmpty {
      text +=
        "\nClasses\n"
        + ManualText.columns(module.classes.map { (shortName($0), ManualText.line($0.summary)) })
        + "\n"
    }
    let example = module.classes.first.map(shortName) ?? module.functions.first?.name ?? module.name
    return text + "\n\(module.name).help(\"\(example)\") shows one of them.\n"
  }

  /// The entries that a word occurs in, those that have it in their name first.
  public func search(_ word: String) -> String {
    // Nothing in the manual is so long, and looking for it would take long.
    guard !word.isEmpty, word.utf8.count <= 256 else { return unknown(word) }
    let needle = word.lowercased()
    let found = entries.filter { $0.searchText.contains(needle) }
    let (named, others) = (
      found.filter { $0.name.lowercased().contains(needle) },
      found.filter { !$0.name.lowercased().contains(needle) }
    )
    guard !found.isEmpty else { return unknown(word) }
    return list(named + others, title: "\(word):")
  }

  /// The nearest names in the manual to one that is not in it, at most three.
  public func suggestions(for name: String) -> [String] {
    let key = normalised(name)
    var names = entries.map(\.name) + module.classes.map(shortName) + module.constants.map(\.name)
    var found: [String] = []
    if let exact = Spelling.nearest(to: key, among: names) { found.append(exact) }
    names = Array(Set(entries.map(\.declaration.name))).sorted()
    if let bare = Spelling.nearest(to: key, among: names) {
      found += entries.filter { $0.declaration.name == bare }.map(\.name)
    }
    return Array(found.uniqued().prefix(3))
  }

  /// "no entry 'raed' (did you mean process.read?)".
  public func unknown(_ name: String) -> String {
    let near = suggestions(for: name)
    let question = near.isEmpty ? "" : " (did you mean \(near.joined(separator: " or "))?)"
    return "no entry '\(ManualText.line(String(name.prefix(64))))'\(question)\n"
  }

  // MARK: Looking up

  func shortName(_ owner: ClassDeclaration) -> String { owner.shortName(in: module.name) }

  /// "pvm.process:try_read(...)" becomes "process.read".
  private func normalised(_ name: String) -> String {
    var key = name.prefix { $0 != "(" }.filter { $0 != " " }
    if let colon = key.firstIndex(of: ":") { key.replaceSubrange(colon...colon, with: ".") }
    if key.hasPrefix(module.name + ".") { key.removeFirst(module.name.count + 1) }
    if entries(named: key).isEmpty, let range = key.firstRange(of: "try_") {
      let plain = key.replacingCharacters(in: range)
      if !entries(named: plain).isEmpty { return plain }
    }
    return key
  }

  private func entries(named key: String) -> [ManualEntry] {
    entries.filter { entry in
      entry.name == key || entry.declaration.name == key
        || entry.owner == nil && entry.name == "\(module.name).\(key)"
    }
  }
}

extension Sequence where Element: Hashable {
  /// Without the repetitions, in order.
  fileprivate func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>) -> String {
    String(self[..<range.lowerBound]) + self[range.upperBound...]
  }
}

extension ManualEntry {
  /// All that `search` looks into.
  fileprivate var searchText: String {
    let parameters = declaration.parameters.flatMap { [$0] + $0.options }
    let words =
      [name, declaration.summary, declaration.notes ?? ""] + declaration.source
      + parameters.flatMap { [$0.name, $0.note] } + declaration.results.map(\.note)
      + declaration.failures
    return words.joined(separator: "\n").lowercased()
  }
}
