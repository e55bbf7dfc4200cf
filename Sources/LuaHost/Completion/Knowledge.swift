internal import CLuaBridge

/// What is known of an expression without evaluating it.
indirect enum Knowledge {
  case nothing
  /// A table that lies on top of the stack; its name, as the standard library is looked up by.
  case table(name: String?)
  /// An object of a class; itself, where a variable holds it.
  case object(ClassDeclaration, AnyObject?)
  case string
  case declared(ManualPlace)
  case function(name: String, FunctionText)
  /// A table whose fields a note names.
  case record([String])
  case list(of: Knowledge)
  /// Any other value, by its type.
  case value(String)
}

/// Finds out what a chain of names, calls and indices stands for. Tables are read raw and functions are
/// not called: what they give is known from their declarations.
struct Resolver {
  let stack: RawStack
  let host: LuaState
  let source: SourceText
  /// How many local variables lead to each other at most.
  private static let mostHops = 4
  private static let mostMetatables = 10

  /// What a chain stands for. A table is left on the stack.
  func resolve(_ chain: SourceChain, hops: Int = 0) -> Knowledge {
    var known = root(chain, hops)
    for step in chain.steps {
      guard stack.hasRoom else { return .nothing }
      switch step {
      case .field(let name): known = field(name, of: known)
      case .call: known = result(of: known)
      case .index(let tokens): known = item(tokens, of: known)
      }
    }
    return known
  }

  private func root(_ chain: SourceChain, _ hops: Int) -> Knowledge {
    guard stack.hasRoom else { return .nothing }
    switch chain.root {
    case .string: return .string
    case .group(let tokens):
      guard let inner = SourceChain(from: tokens.lowerBound, to: tokens.upperBound, in: source) else {
        return .nothing
      }
      return resolve(inner, hops: hops)
    case .name(let name):
      if hops < Self.mostHops, let value = assigned(to: name, before: chain.start) {
        return resolve(value, hops: hops + 1)
      }
      return global(name)
    }
  }

  /// What the entry itself gives to a variable: `local p = pvm.attach(...)`.
  private func assigned(to name: String, before end: Int) -> SourceChain? {
    for token in stride(from: end - 2, through: 1, by: -1)
    where source.isSymbol(token, "=") && source.kind(token - 1) == .name
      && source.word(token - 1) == name && !(token > 1 && source.isSeparator(token - 2))
    {
      return SourceChain(from: token + 1, to: end, in: source)
    }
    return nil
  }

  private func global(_ name: String) -> Knowledge {
    stack.pushGlobals()
    return field(name, of: .table(name: "_G"))
  }

  // MARK: Steps

  private func field(_ name: String, of known: Knowledge) -> Knowledge {
    switch known {
    case .table(let table):
      let path = table == nil || table == "_G" ? name : "\(table ?? "").\(name)"
      return liveField(name) ? classify(path) : .nothing
    case .object(let owner, _): return member(name, of: owner)
    case .string:
      stack.pushGlobals()
      stack.pushField(-1, "string")
      return stack.type(-1) == PVL_TABLE ? field(name, of: .table(name: "string")) : .nothing
    default: return .nothing
    }
  }

  /// Pushes the field of the table on top, or what tables behind it have under that name.
  private func liveField(_ name: String) -> Bool {
    for _ in 0..<Self.mostMetatables {
      guard stack.type(-1) == PVL_TABLE else { return false }
      let table = stack.top
      stack.pushField(table, name)
      if stack.type(-1) != PVL_NIL { return true }
      guard stack.pushIndexTable(table) else { return false }
    }
    return false
  }

  private func member(_ name: String, of owner: ClassDeclaration) -> Knowledge {
    let plain = name.hasPrefix("try_") ? String(name.dropFirst(4)) : name
    let named = owner.members.filter { $0.name == name || $0.name == plain && $0.hasTwin }
    guard let member = named.first else { return .nothing }
    if member.role == .function {
      return .declared(ManualPlace(declaration: member, owner: owner, module: module))
    }
    return member.role == .getter ? type(of: member.results.first) : .nothing
  }

  private func result(of known: Knowledge) -> Knowledge {
    guard case .declared(let place) = known else { return .nothing }
    return type(of: place.declaration.results.first)
  }

  private func item(_ tokens: Range<Int>, of known: Knowledge) -> Knowledge {
    switch known {
    case .list(let element): return element
    case .object(let owner, _):
      return type(of: owner.members.first { $0.role == .item }?.results.first)
    case .table:
      guard tokens.count == 1 else { return .nothing }
      let word = source.word(tokens.lowerBound)
      if source.kind(tokens.lowerBound) == .string {
        return field(String(word.dropFirst().dropLast()), of: known)
      }
      guard let number = Int64(word) else { return .nothing }
      stack.pushItem(stack.top, number)
      return classify(nil)
    default: return .nothing
    }
  }

  // MARK: Values and types

  /// What the value on top of the stack is.
  private func classify(_ path: String?) -> Knowledge {
    switch stack.type(-1) {
    case PVL_TABLE: return .table(name: path)
    case PVL_OBJECT:
      return host.classDeclaration(stack.classID(-1)).map { .object($0, stack.object(-1)) }
        ?? .nothing
    case PVL_STRING: return .string
    case PVL_CALLABLE:
      if let place = host.manualPlace(stack.declaredFunction(-1)) { return .declared(place) }
      return stack.functionText(-1).map { .function(name: path ?? "?", $0) } ?? .nothing
    case PVL_NIL, PVL_NONE: return .nothing
    default: return .value(stack.typeName(-1))
    }
  }

  private var module: String { host.installed.first?.name ?? "" }

  private func type(of result: ResultText?) -> Knowledge {
    guard let result else { return .nothing }
    return type(result.annotation, result.note)
  }

  /// What an annotation says: "pvm.hits?", "pvm.region[]", "table" with its fields in the note.
  private func type(_ annotation: String, _ note: String) -> Knowledge {
    var name = Substring(annotation.prefix { $0 != "|" && $0 != " " })
    if name.hasSuffix("?") { name = name.dropLast() }
    if name.hasSuffix("[]") { return .list(of: type(String(name.dropLast(2)), note)) }
    switch name {
    case "string": return .string
    case "table": return .record(Self.fields(in: note))
    default:
      let classes = host.installed.flatMap(\.classes)
      let found = classes.first { $0.name == name || $0.shortName(in: module) == name }
      return found.map { .object($0, nil) } ?? .nothing
    }
  }

  /// `{name=, base=, size=} each` names three.
  static func fields(in note: String) -> [String] {
    guard let open = note.firstIndex(of: "{") else { return [] }
    return note[open...].prefix { $0 != "}" }.split { "{, ".contains($0) }
      .filter { $0.contains("=") }.map { String($0.prefix { $0 != "=" }) }
      .filter(ManualText.isName)
  }
}

extension RawStack {
  /// Pushes the table that stands behind another one: its metatable's `__index`. A function there is
  /// not asked.
  func pushIndexTable(_ table: Int32) -> Bool {
    guard pushMetatable(table) else { return false }
    pushField(-1, "__index")
    return type(-1) == PVL_TABLE
  }
}
