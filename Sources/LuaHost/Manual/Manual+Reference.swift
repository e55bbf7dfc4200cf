/// The reference in Markdown.
extension Manual {
  /// Contents, the module's functions, then each class, then the error codes.
  func reference() -> String {
    var blocks = ["# \(escaped(module.name))", escaped(module.summary), contents()]
    if !module.functions.isEmpty {
      blocks.append(heading(2, "Functions", anchor: "functions"))
      blocks += entries.filter { $0.owner == nil }.flatMap(section)
    }
    blocks += constantBlocks()
    blocks += module.classes.flatMap(section)
    blocks += codeBlocks()
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  // MARK: Contents

  private func contents() -> String {
    var lines: [String] = []
    if !module.functions.isEmpty {
      lines.append("- [Functions](#functions)")
      lines += entries.filter { $0.owner == nil }.map(contentsLine)
    }
    if !module.constants.isEmpty || !module.features.isEmpty {
      lines.append("- [Constants](#constants)")
    }
    for owner in module.classes {
      lines.append("- [\(escaped(owner.name))](#\(classAnchor(owner)))")
      lines += entries.filter { $0.owner?.name == owner.name }.map(contentsLine)
    }
    if !failureCodes.isEmpty { lines.append("- [Errors](#errors)") }
    return lines.joined(separator: "\n")
  }

  private func contentsLine(_ entry: ManualEntry) -> String {
    "  - [\(code(entry.spelling))](#\(anchor(entry.name)))"
  }

  // MARK: Sections

  private func section(_ owner: ClassDeclaration) -> [String] {
    let own = entries.filter { $0.owner?.name == owner.name }
    return [heading(2, escaped(owner.name), anchor: classAnchor(owner)), escaped(owner.summary)]
      + own.flatMap(section)
  }

  private func section(_ entry: ManualEntry) -> [String] {
    let declaration = entry.declaration
    var blocks = [
      heading(3, code(entry.spelling), anchor: anchor(entry.name)), fenced(entry.signature),
      escaped(declaration.summary), bullets(declaration.parameters),
    ]
    let results = declaration.results.map {
      "- Returns \(code($0.name)) (\(code($0.annotation)))" + note($0.note)
    }
    blocks.append(results.joined(separator: "\n"))
    if declaration.role == .getter, let setter = entry.owner?.setter(declaration.name) {
      blocks.append(
        "Can be assigned: " + setter.parameters.map { escaped($0.explanation) }.joined())
    }
    blocks.append(errors(entry))
    if let notes = declaration.notes { blocks.append(escaped(notes.trimmed)) }
    if let example = declaration.example { blocks.append(fenced(example.trimmed, language: "lua")) }
    blocks.append(line("Source", declaration.source.map(code)))
    blocks.append(line("See also", declaration.seeAlso.map(linked)))
    return blocks
  }

  private func bullets(_ parameters: [ParameterText]) -> String {
    parameters.flatMap { parameter in
      [bullet(parameter, indent: "")] + parameter.options.map { bullet($0, indent: "  ") }
    }.joined(separator: "\n")
  }

  private func bullet(_ parameter: ParameterText, indent: String) -> String {
    let type = parameter.options.isEmpty ? " (\(code(parameter.annotation)))" : ""
    return
      "\(indent)- \(code(parameter.name))\(type): \(ManualText.line(escaped(parameter.explanation(besideType: parameter.options.isEmpty))))"
  }

  private func errors(_ entry: ManualEntry) -> String {
    guard !entry.declaration.failures.isEmpty else { return "" }
    let codes = entry.declaration.failures.map { "[\(code($0))](#\(anchor("error-" + $0)))" }
    let twin = entry.twinSpelling.map { " \(code($0)) returns nil and the error instead." } ?? ""
    return "Raises " + codes.joined(separator: ", ") + "." + twin
  }

  private func constantBlocks() -> [String] {
    guard !module.constants.isEmpty || !module.features.isEmpty else { return [] }
    let lines =
      module.constants.map { "- \(code("\(module.name).\($0.name)"))" + note($0.note) }
      + module.features.map { feature in
        "- \(code("\(module.name).features.\(feature.name)")): true where this build has it"
      }
    return [heading(2, "Constants", anchor: "constants"), lines.joined(separator: "\n")]
  }

  private func codeBlocks() -> [String] {
    guard !failureCodes.isEmpty else { return [] }
    let lines = failureCodes.map { entry in
      let raisers = entries(failingWith: entry.code).map {
        "[\(code($0.spelling))](#\(anchor($0.name)))"
      }
      let by = raisers.isEmpty ? "" : "\n  Raised by " + raisers.joined(separator: ", ") + "."
      return "- <a id=\"\(anchor("error-" + entry.code))\"></a>\(code(entry.code))"
        + note(entry.note) + by
    }
    return [heading(2, "Errors", anchor: "errors"), lines.joined(separator: "\n")]
  }

  // MARK: Markdown

  private func heading(_ level: Int, _ text: String, anchor: String) -> String {
    "<a id=\"\(anchor)\"></a>\n\n" + String(repeating: "#", count: level) + " " + text
  }

  private func note(_ text: String) -> String {
    text.isEmpty ? "" : ": " + ManualText.line(escaped(text))
  }

  private func line(_ title: String, _ parts: [String]) -> String {
    parts.isEmpty ? "" : "\(title): " + parts.joined(separator: ", ")
  }

  /// A link where the manual has the name, else the name.
  private func linked(_ name: String) -> String {
    let plain = String(name.map { $0 == ":" ? "." : $0 })
    let owner = module.classes.first { $0.name == plain || shortName($0) == plain }
    let entry = entries.first { $0.name == plain }
    guard let target = entry.map({ anchor($0.name) }) ?? owner.map(classAnchor) else {
      return code(name)
    }
    return "[\(code(name))](#\(target))"
  }

  private func classAnchor(_ owner: ClassDeclaration) -> String {
    anchor("class-" + shortName(owner))
  }

  /// Letters, digits, dots, hyphens and underscores; anything else by its number.
  private func anchor(_ name: String) -> String {
    name.unicodeScalars.map { scalar in
      let isPlain =
        scalar.isASCII
        && (ManualText.isNameByte(UInt8(scalar.value)) || ".-".unicodeScalars.contains(scalar))
      return isPlain ? String(scalar) : "-\(scalar.value)-"
    }.joined()
  }

  /// A code span, with more backticks around than are inside.
  private func code(_ text: String) -> String {
    let line = ManualText.line(text)
    let ticks = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
    let space = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
    return ticks + space + line + space + ticks
  }

  private func fenced(_ text: String, language: String = "") -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    return "\(fence)\(language)\n\(ManualText.lines(text).joined(separator: "\n"))\n\(fence)"
  }

  private func longestRun(of character: Character, in text: String) -> Int {
    var (longest, run) = (0, 0)
    for each in text {
      run = each == character ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Text as Markdown shows it unchanged; what stands between backticks stays code.
  private func escaped(_ text: String) -> String {
    var inCode = false
    return ManualText.lines(text).joined(separator: "\n").map { character in
      if character == "`" { inCode.toggle() }
      return !inCode && "\\*_<>[]|#".contains(character) ? "\\\(character)" : String(character)
    }.joined()
  }
}
