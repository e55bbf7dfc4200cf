import LuaHost

/// The table that a script gives pvm.args, as a list of arguments.
extension ArgumentList {
  init(_ call: borrowing Call, at table: Int32) throws {
    guard call.kind(at: table) == .table else { throw call.mismatch("table", at: table) }
    let (about, epilogue) = try call.readOptions(
      Self.whole, at: table, allowingItems: 1...Int64(Self.mostItems))
    let items = try call.itemNumbers(of: table).map { number in
      try call.item(number, of: table) { call, item in
        try ArgumentMismatch.at("argument \(number)") { try ArgumentItem(call, at: item) }
      }
    }
    self.init(about: about, items: items, epilogue: epilogue)
    try checkDistinct()
  }

  private static let mostItems = 200

  private static var whole: Parameter<(String?, String?)> {
    Parameter<(String?, String?)>.options(
      "",
      .optional("about", .text, "what the script does: the first lines of its help"),
      .optional("epilogue", .text, "the last lines of its help"))
  }

  private func checkDistinct() throws {
    var seen: Set<String> = []
    for word in items.flatMap({ [$0.name] + $0.words }) {
      guard seen.insert(word).inserted else {
        throw ArgumentMismatch("'\(word)' is declared twice")
      }
    }
    guard let many = positions.firstIndex(where: \.isMany) else { return }
    guard many == positions.count - 1 else {
      throw ArgumentMismatch("'\(positions[many].name)' takes many words and so has to be the last")
    }
  }
}

extension ArgumentItem {
  /// `{"--rate", "-r", type="number", default=10, help="looks a second"}`, or `{"file", help=...}`.
  fileprivate init(_ call: borrowing Call, at table: Int32) throws {
    guard call.kind(at: table) == .table else { throw call.mismatch("table", at: table) }
    let options = try call.readOptions(Options.parameter, at: table, allowingItems: 1...4)
    let words = try call.itemNumbers(of: table).map { number in
      try call.item(number, of: table) { call, item in
        try ArgumentType<String>.text.read(call, item)
      }
    }
    try self.init(words, options)
  }

  private init(_ words: [String], _ options: Options) throws {
    guard let first = words.first else {
      throw ArgumentMismatch("the name is missing: {\"--rate\", type=\"number\"} or {\"file\"}")
    }
    let isPosition = !first.hasPrefix("-")
    try Self.check(words, isPosition)
    let long = words.first { $0.hasPrefix("--") } ?? first
    name = String(long.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0 })
    self.words = isPosition ? [] : words
    kind = try Self.kind(options, isPosition)
    note = options.help
    choices = options.choices
    isMany = options.isMany
    least = options.least
    most = options.most
    standard = options.standard ?? (kind == .flag ? .boolean(false) : nil)
    isRequired = options.isRequired ?? (isPosition && options.standard == nil && !isMany)
    try checkDefault(options.standard)
  }

  private static func check(_ words: [String], _ isPosition: Bool) throws {
    for word in words {
      let isLong = word.hasPrefix("--")
      let body = word.dropFirst(isLong ? 2 : word.hasPrefix("-") ? 1 : 0)
      let isGood =
        body.first?.isLetter == true
        && body.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        && (isLong || isPosition || body.count == 1)
      guard isGood, !isPosition || words.count == 1 else {
        throw ArgumentMismatch(
          "'\(word)' is no name: options are written --word or -w, all others as one word")
      }
    }
  }

  private static func kind(_ options: Options, _ isPosition: Bool) throws -> Kind {
    if let kind = options.kind {
      if kind == .flag, isPosition { throw ArgumentMismatch("only an option can be a flag") }
      return kind
    }
    switch options.standard {
    case .boolean: return .flag
    case .integer: return .integer
    case .number: return .number
    default: break
    }
    return isPosition || options.standard != nil || !options.choices.isEmpty ? .text : .flag
  }

  private func checkDefault(_ value: LuaValue?) throws {
    switch (kind, value) {
    case (_, nil), (.flag, .boolean), (.text, .bytes), (.integer, .integer), (.number, .number),
      (.number, .integer):
      break
    case (_, let value?):
      guard case .table = value, isMany else {
        throw ArgumentMismatch("option 'default': \(kind.rawValue) expected, got \(value.typeName)")
      }
    }
  }

  /// What stands beside the names.
  fileprivate struct Options {
    let kind: Kind?
    let help: String
    let standard: LuaValue?
    let choices: [String]
    let isRequired: Bool?
    let isMany: Bool
    let least: Double?
    let most: Double?

    init(
      _ kind: String?, _ help: String, _ standard: LuaValue?, _ choices: [[UInt8]],
      _ isRequired: Bool?, _ isMany: Bool, _ least: Double?, _ most: Double?
    ) {
      self.kind = kind.flatMap(Kind.init)
      self.help = help
      self.standard = standard
      self.choices = choices.map { String(decoding: $0, as: UTF8.self) }
      self.isRequired = isRequired
      self.isMany = isMany
      self.least = least
      self.most = most
    }

    static var parameter: Parameter<Options> {
      Parameter<(String?, String, LuaValue?, [[UInt8]], Bool?, Bool, Double?, Double?)>.options(
        "",
        .optional(
          "type", .word(Kind.allCases.map(\.rawValue)),
          "told from `default` when left out; a flag for an option without one, text for a word"),
        Parameter<String>("help", .text, "a line for the help", default: "", "\"\""),
        .optional("default", .any, "what holds when it is not given; else the field is absent"),
        Parameter<[[UInt8]]>("choices", .bytesList, "the values there are", default: [], "{}"),
        .optional(
          "required", .boolean, "it has to be given; by default words without a dash and default"),
        Parameter("many", .boolean, "it may be given several times, and is a list", default: false),
        .optional("min", .number, "the least number"),
        .optional("max", .number, "the greatest number")
      ).map(Options.init)
    }
  }

  /// For the manual.
  static var optionNotes: String { Options.parameter.optionNotes }
}
