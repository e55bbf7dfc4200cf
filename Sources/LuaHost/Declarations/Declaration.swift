/// A declared Lua function: what the manual says of it, and the code that runs.
///
/// Made by `.function`, `.method`, `.field` and their like; everything about a Lua function stands in
/// this one value.
public struct Declaration {
  /// How scripts reach it.
  public enum Role: Equatable, Sendable {
    case function, getter, setter, item, metamethod, unknownField, unknownAssignment
  }

  public var name: String
  /// One sentence.
  public var summary: String
  public var role: Role
  public var parameters: [ParameterText]
  public var results: [ResultText]
  /// The codes of the errors it raises. A function that can fail gets a `try_` twin.
  public var failures: [String]
  /// Manual pages, "process_vm_readv(2)".
  public var source: [String]
  /// A line or more of Lua that runs against the bundled target, with `game` attached.
  public var example: String?
  /// Further paragraphs: limits, surprises.
  public var notes: String?
  public var seeAlso: [String]
  /// Whether it is what a variable declared `<close>` calls.
  var isClosing = false

  /// One call, start to finish; what it throws becomes a Lua error once Swift has returned.
  public typealias Body = (borrowing Call) throws -> Void
  /// Makes the body for a state, once the classes have their numbers.
  public let bind: (LuaState) -> Body

  /// Whether it gets a `try_` twin.
  public var hasTwin: Bool { role == .function && !failures.isEmpty }

  init(
    _ name: String, _ summary: String, role: Role, parameters: [ParameterText],
    results: [ResultText], about: About, bind: @escaping (LuaState) -> Body
  ) {
    self.name = name
    self.summary = summary
    self.role = role
    self.parameters = parameters
    self.results = results
    self.failures = about.fails
    self.source = about.source
    self.example = about.example
    self.notes = about.notes
    self.seeAlso = about.seeAlso
    self.bind = bind
  }
}

/// What a declaration says beside its signature.
public struct About: Sendable {
  public var fails: [String]
  public var source: [String]
  public var example: String?
  public var notes: String?
  public var seeAlso: [String]

  public init(
    fails: [String] = [], source: [String] = [], example: String? = nil, notes: String? = nil,
    seeAlso: [String] = []
  ) {
    self.fails = fails
    self.source = source
    self.example = example
    self.notes = notes
    self.seeAlso = seeAlso
  }

  public static let nothing = About()
}

/// What the manual says of one parameter, or one option of a parameter that is a table.
public struct ParameterText: Sendable, Equatable {
  public var name: String
  public var summary: String
  public var annotation: String
  public var note: String
  public var defaultText: String?
  public var isOptional: Bool
  public var choices: [String]
  /// The fields, where the parameter is a table of options.
  public var options: [ParameterText] = []

  public init(
    name: String, summary: String, annotation: String, note: String, defaultText: String? = nil,
    isOptional: Bool = false, choices: [String] = [], options: [ParameterText] = []
  ) {
    self.name = name
    self.summary = summary
    self.annotation = annotation
    self.note = note
    self.defaultText = defaultText
    self.isOptional = isOptional
    self.choices = choices
    self.options = options
  }
}

/// What the manual says of one result.
public struct ResultText: Sendable, Equatable {
  public var name: String
  public var annotation: String
  public var note: String

  public init(_ name: String, annotation: String, note: String) {
    self.name = name
    self.annotation = annotation
    self.note = note
  }
}

/// A declared class: a kind of object that scripts hold.
public struct ClassDeclaration {
  /// As type() and error messages name it.
  public let name: String
  public let summary: String
  /// Fields, methods and metamethods, in the order of the manual.
  public let members: [Declaration]
  let type: ObjectIdentifier

  public init<Object: AnyObject>(
    _ type: Object.Type, _ name: String, _ summary: String, _ members: [[Declaration]]
  ) {
    self.type = ObjectIdentifier(type)
    self.name = name
    self.summary = summary
    self.members = members.flatMap { $0 }
  }
}

/// A declared module: its functions and its classes.
public struct ModuleDeclaration {
  public let name: String
  public let summary: String
  public let functions: [Declaration]
  public let classes: [ClassDeclaration]
  /// Text constants: name, value and what it says.
  public let constants: [(name: String, value: String, note: String)]
  /// What this build can do; `pvm.features.NAME` is true or false.
  public let features: [(name: String, isPresent: Bool)]

  public init(
    _ name: String, _ summary: String, functions: [[Declaration]], classes: [ClassDeclaration],
    constants: [(name: String, value: String, note: String)] = [],
    features: [(name: String, isPresent: Bool)] = []
  ) {
    self.name = name
    self.summary = summary
    self.functions = functions.flatMap { $0 }
    self.classes = classes
    self.constants = constants
    self.features = features
  }
}
