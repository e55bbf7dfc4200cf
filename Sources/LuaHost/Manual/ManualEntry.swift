/// One declaration with the place it belongs to: how scripts write it, and how the manual names it.
struct ManualEntry {
  let declaration: Declaration
  let owner: ClassDeclaration?
  let moduleName: String

  init(_ declaration: Declaration, of owner: ClassDeclaration?, in moduleName: String) {
    self.declaration = declaration
    self.owner = owner
    self.moduleName = moduleName
  }

  /// What `help` looks it up by: "pvm.attach", "process.read".
  var name: String { "\(ownerName ?? moduleName).\(declaration.name)" }

  /// The owner's name without the module's in front: "process" of "pvm.process".
  var ownerName: String? { owner?.shortName(in: moduleName) }

  /// As a script writes it: "pvm.attach", "process:read", "process.pid", "#process".
  var spelling: String {
    guard let ownerName else { return name }
    return switch declaration.role {
    case .function: "\(ownerName):\(declaration.name)"
    case .getter, .setter, .unknownField, .unknownAssignment: name
    case .item: "\(ownerName)[i]"
    case .metamethod: declaration.operatorSpelling(on: ownerName)
    }
  }

  /// The `try_` twin as a script writes it, where there is one.
  var twinSpelling: String? {
    guard declaration.hasTwin else { return nil }
    return (ownerName.map { $0 + ":" } ?? moduleName + ".") + "try_" + declaration.name
  }

  /// "process:read(address, count [, options]) -> string".
  var signature: String {
    let arguments = declaration.role == .function ? "(\(declaration.argumentList))" : ""
    let results = declaration.results.map(\.annotation).joined(separator: ", ")
    return spelling + arguments + (results.isEmpty ? "" : " -> \(results)")
  }
}

extension Declaration {
  /// "#box" for "__len", "box()" for "__call"; others as tostring(box) and pairs(box) have it.
  func operatorSpelling(on object: String) -> String {
    switch name {
    case "__len": "#\(object)"
    case "__call": "\(object)(...)"
    case "__unm": "-\(object)"
    case "__bnot": "~\(object)"
    case "__concat": "\(object) .. value"
    default:
      if let sign = Self.signs[name] {
        "\(object) \(sign) value"
      } else if name.hasPrefix("__") {
        "\(name.dropFirst(2))(\(object))"
      } else {
        "\(object).\(name)"
      }
    }
  }

  private static let signs = [
    "__add": "+", "__sub": "-", "__mul": "*", "__div": "/", "__mod": "%", "__pow": "^",
    "__idiv": "//", "__band": "&", "__bor": "|", "__bxor": "~", "__shl": "<<", "__shr": ">>",
    "__eq": "==", "__lt": "<", "__le": "<=",
  ]

  /// "address, count [, limit [, options]]".
  var argumentList: String {
    let tail = parameters.reversed().prefix(while: \.mayBeAbsent).count
    let head = parameters.dropLast(tail).map { $0.mayBeAbsent ? "[\($0.name)]" : $0.name }
    var text = head.joined(separator: ", ")
    for parameter in parameters.suffix(tail) {
      text += text.isEmpty ? "[\(parameter.name)" : " [, \(parameter.name)"
    }
    return text + String(repeating: "]", count: tail)
  }
}

extension ParameterText {
  /// True also for a table of options each of which may be left out.
  var mayBeAbsent: Bool {
    isOptional || !options.isEmpty && options.allSatisfy(\.isOptional)
  }

  /// "bytes, 0 to 4096: how many to read (default 16; one of: a, b)".
  var explanation: String { explanation(besideType: false) }

  /// The same; beside the type's annotation, what only repeats that is left out.
  func explanation(besideType: Bool) -> String {
    var remarks: [String] = []
    if let defaultText { remarks.append("default \(defaultText)") }
    if defaultText == nil, mayBeAbsent { remarks.append("may be left out") }
    let missing = choices.filter { !summary.contains($0) }
    if !missing.isEmpty, !besideType {
      remarks.append("one of: " + choices.joined(separator: ", "))
    }
    let isRepeated = besideType && (summary == annotation || !choices.isEmpty)
    let type = isRepeated || note.hasPrefix(summary) ? "" : summary
    return [type, note].filter { !$0.isEmpty }.joined(separator: ": ")
      + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))")
  }
}
