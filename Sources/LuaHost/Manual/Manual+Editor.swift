/// The definition file of lua-language-server.
extension Manual {
  /// A Lua file of empty functions with annotations. It parses as Lua and is never run.
  func editorDefinition() -> String {
    var blocks = ["---@meta \(ManualText.luaName(module.name))", errorClass()]
    blocks += entries.flatMap(optionClasses)
    if !module.features.isEmpty { blocks.append(featureClass()) }
    blocks += module.classes.flatMap(classBlocks)
    blocks.append(moduleClass())
    blocks += module.functions.flatMap { functionBlocks($0, of: nil) }
    blocks.append("return \(ManualText.luaName(module.name))")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  // MARK: Classes

  private func errorClass() -> String {
    """
    ---What a failed operation raises, and what a `try_` twin returns after nil.
    ---@class \(module.name).error
    ---@field code string what went wrong, as a word to compare with
    ---@field message string one line, without the position
    ---@field hint? string what to type next
    ---@field where string position in the script
    ---@field text string message and hint
    ---@field [string] any
    """
  }

  private func featureClass() -> String {
    let fields = module.features.map { "---@field \($0.name) boolean" }
    return (["---What this build can do.", "---@class \(module.name).features"] + fields)
      .joined(separator: "\n")
  }

  private func moduleClass() -> String {
    var lines = comment(module.summary) + ["---@class \(module.name)"]
    lines += module.constants.map { field($0.name, "string", $0.note) }
    if !module.features.isEmpty {
      lines.append(field("features", "\(module.name).features", "what this build can do"))
    }
    return (lines + ["\(ManualText.luaName(module.name)) = {}"]).joined(separator: "\n")
  }

  private func classBlocks(_ owner: ClassDeclaration) -> [String] {
    var lines = comment(owner.summary) + ["---@class \(qualified(className: owner.name))"]
    lines += owner.fields.map { fieldLine($0, of: owner) }
    if owner.members.contains(where: { $0.role == .unknownField }) {
      lines.append("---@field [string] any")
    }
    for member in owner.operators {
      let type = qualified(member.results.first?.annotation ?? "any")
      if member.role == .item { lines.append("---@field [integer] \(type) \(member.oneLine)") }
      if let name = member.annotatedOperator { lines.append("---@operator \(name): \(type)") }
    }
    lines.append("local \(localName(of: owner)) = {}")
    return [lines.joined(separator: "\n")]
      + owner.methods.flatMap { functionBlocks($0, of: owner) }
  }

  private func fieldLine(_ member: Declaration, of owner: ClassDeclaration) -> String {
    let setter = owner.setter(member.name)
    let type = member.results.first?.annotation ?? setter?.parameters.first?.annotation ?? "any"
    let remark = setter == nil ? " (read only)" : ""
    return field(member.name, type, member.summary + remark)
  }

  private func optionClasses(_ entry: ManualEntry) -> [String] {
    entry.declaration.parameters.filter { !$0.options.isEmpty }.map { parameter in
      let lines = parameter.options.map { option in
        field(
          option.name + (option.isOptional ? "?" : ""), option.annotation,
          option.explanation(besideType: true))
      }
      return (["---@class \(optionClassName(entry))"] + lines).joined(separator: "\n")
    }
  }

  private func optionClassName(_ entry: ManualEntry) -> String {
    let owner = entry.owner.map { qualified(className: $0.name) } ?? module.name
    return "\(owner).\(entry.declaration.name).options"
  }

  // MARK: Functions

  private func functionBlocks(_ declaration: Declaration, of owner: ClassDeclaration?) -> [String] {
    let entry = ManualEntry(declaration, of: owner, in: module.name)
    var blocks = [functionBlock(entry, name: declaration.name, opening: opening(declaration))]
    if declaration.hasTwin {
      let opening = ["---Like `\(declaration.name)`, but returns nil and the error of a failure."]
      blocks.append(functionBlock(entry, name: "try_" + declaration.name, opening: opening))
    }
    return blocks
  }

  private func opening(_ declaration: Declaration) -> [String] {
    var lines = comment(declaration.summary)
    if let notes = declaration.notes { lines += ["---"] + comment(notes.trimmed) }
    if !declaration.failures.isEmpty {
      lines += ["---", "---Raises \(declaration.failures.joined(separator: ", "))."]
    }
    if let example = declaration.example {
      lines += ["---", "---```lua"] + comment(example.trimmed) + ["---```"]
    }
    return lines
  }

  private func functionBlock(_ entry: ManualEntry, name: String, opening: [String]) -> String {
    let declaration = entry.declaration
    var lines = opening + declaration.parameters.map { parameterLine($0, of: entry) }
    lines += name == declaration.name ? resultLines(declaration) : twinResultLines(declaration)
    let owner = entry.owner.map { localName(of: $0) + ":" } ?? ManualText.luaName(module.name) + "."
    let names = declaration.parameters.map {
      $0.name == "..." ? "..." : ManualText.luaName($0.name)
    }
    lines.append(
      "function \(owner)\(ManualText.luaName(name))(\(names.joined(separator: ", "))) end")
    return lines.joined(separator: "\n")
  }

  private func parameterLine(_ parameter: ParameterText, of entry: ManualEntry) -> String {
    let isRest = parameter.name == "..."
    let name = isRest ? "..." : ManualText.luaName(parameter.name)
    let mark = parameter.mayBeAbsent && !isRest ? "?" : ""
    let type =
      parameter.options.isEmpty ? qualified(parameter.annotation) : optionClassName(entry)
    return
      "---@param \(name)\(mark) \(type) \(ManualText.line(parameter.explanation(besideType: true)))"
  }

  private func resultLines(_ declaration: Declaration) -> [String] {
    declaration.results.map { result in
      "---@return \(qualified(result.annotation)) \(result.name) # \(ManualText.line(result.note))"
    }
  }

  /// Of several results the second is the error's place when the first is nil.
  private func twinResultLines(_ declaration: Declaration) -> [String] {
    let error = "\(module.name).error"
    guard let first = declaration.results.first else {
      return ["---@return true? ok", "---@return \(error)? err"]
    }
    var lines = ["---@return \(optional(qualified(first.annotation))) \(first.name)"]
    guard declaration.results.count > 1 else { return lines + ["---@return \(error)? err"] }
    let second = declaration.results[1]
    lines.append("---@return \(qualified(second.annotation))|\(error) \(second.name)_or_err")
    return lines
      + declaration.results.dropFirst(2).map {
        "---@return \(optional(qualified($0.annotation))) \($0.name)"
      }
  }

  // MARK: Words

  private func comment(_ text: String) -> [String] {
    ManualText.lines(text).map { "---" + $0 }
  }

  private func field(_ name: String, _ type: String, _ note: String) -> String {
    let mark = name.hasSuffix("?") ? "?" : ""
    let bare = mark.isEmpty ? name : String(name.dropLast())
    let key = ManualText.isName(bare) ? bare : "[\(ManualText.luaLiteral(bare))]"
    return "---@field \(key)\(mark) \(qualified(type)) \(ManualText.line(note))"
  }

  private func optional(_ annotation: String) -> String {
    if annotation.hasSuffix("?") { return annotation }
    return annotation.contains { "|()".contains($0) } ? "(\(annotation))?" : annotation + "?"
  }

  private func localName(of owner: ClassDeclaration) -> String {
    let name = ManualText.luaName(shortName(owner))
    return name == ManualText.luaName(module.name) ? name + "_class" : name
  }

  private func qualified(className: String) -> String {
    className.contains(".") ? className : "\(module.name).\(className)"
  }

  /// The annotation with the names of declared classes put behind the module's.
  func qualified(_ annotation: String) -> String {
    let classes = Set(module.classes.map(\.name)).union(["error"])
    var result = ""
    var rest = ManualText.line(annotation)[...]
    while let first = rest.first {
      if first == "\"" || first == "'" {
        let end = rest.dropFirst().firstIndex(of: first).map { rest.index(after: $0) }
        result += rest[..<(end ?? rest.endIndex)]
        rest = rest[(end ?? rest.endIndex)...]
        continue
      }
      let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      guard !word.isEmpty else {
        result.append(first)
        rest.removeFirst()
        continue
      }
      rest = rest.dropFirst(word.count)
      let isLabel = rest.drop { $0 == " " || $0 == "?" }.first == ":"
      let isClass = classes.contains(String(word)) && !isLabel
      result += isClass ? qualified(className: String(word)) : String(word)
    }
    return result
  }
}

extension Declaration {
  fileprivate var oneLine: String { ManualText.line(summary) }

  /// The operators that lua-language-server knows with one operand.
  fileprivate var annotatedOperator: String? {
    ["__len": "len", "__unm": "unm", "__bnot": "bnot", "__call": "call"][name]
  }
}
