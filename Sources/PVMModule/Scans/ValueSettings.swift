import LuaHost
import MemoryModel
import RemoteMemory

/// What values a search compares with: the options of `scan` and `next`.
struct ValueSettings {
  let comparison: ValueCondition.Comparison?
  let realMatch: RealMatch
  let mask: UInt64?
  let encoding: StoredEncoding

  static var parameter: Parameter<ValueSettings> {
    Parameter<(ComparisonOptions, MatchOptions, EncodingOptions)>.optionGroups(
      "what the value is to be", ComparisonOptions.parameter, MatchOptions.parameter,
      EncodingOptions.parameter
    ).map(ValueSettings.init)
  }

  init(_ comparison: ComparisonOptions, _ match: MatchOptions, _ encoding: EncodingOptions) throws {
    self.comparison = try comparison.comparison()
    realMatch = try match.realMatch()
    mask = encoding.mask
    self.encoding = encoding.encoding
  }

  /// The condition for a value given by itself, or by an option.
  func condition(_ value: ScalarValue?) throws -> ValueCondition {
    let comparison: ValueCondition.Comparison
    switch (value, self.comparison) {
    case (let value?, nil): comparison = .equal(value)
    case (nil, let given?): comparison = given
    case (nil, nil):
      throw ArgumentMismatch(
        "a value, or a comparison such as {between={1, 9}} or {unknown=true}, is expected")
    case (_?, _?): throw ArgumentMismatch("a value and a comparison are one too many")
    }
    return ValueCondition(comparison, realMatch: realMatch, bitMask: mask, encoding: encoding)
  }

  /// The same, where the value is the argument with this index.
  func condition(_ value: ScalarValue?, at index: Int32) throws -> ValueCondition {
    do { return try condition(value) } catch let mismatch as ArgumentMismatch {
      throw ScriptFailure.badArgument(index, mismatch.reason)
    }
  }
}

/// The ways to compare; at most one is given.
struct ComparisonOptions {
  let equal, notEqual, less, atMost, greater, atLeast: ScalarValue?
  let between: [ScalarValue]?
  let oneOf: [ScalarValue]?
  let isUnknown: Bool

  static var parameter: Parameter<ComparisonOptions> {
    Parameter<
      (
        ScalarValue?, ScalarValue?, ScalarValue?, ScalarValue?, ScalarValue?, ScalarValue?,
        [ScalarValue]?, [ScalarValue]?, Bool
      )
    >.options(
      "",
      .optional("equal", .scalarValue, "this value"),
      .optional("not_equal", .scalarValue, "any other"),
      .optional("less", .scalarValue, "below"),
      .optional("at_most", .scalarValue, "this or below"),
      .optional("greater", .scalarValue, "above"),
      .optional("at_least", .scalarValue, "this or above"),
      .optional("between", .scalarValues, "{low, high}, both included"),
      .optional("one_of", .scalarValues, "a list of values"),
      Parameter<Bool>("unknown", .boolean, "any value: to compare with later", default: false)
    ).map(ComparisonOptions.init)
  }

  /// The comparison that is given, if any.
  func comparison() throws -> ValueCondition.Comparison? {
    var given: [ValueCondition.Comparison] = []
    if let equal { given.append(.equal(equal)) }
    if let notEqual { given.append(.notEqual(notEqual)) }
    if let less { given.append(.less(less)) }
    if let atMost { given.append(.atMost(atMost)) }
    if let greater { given.append(.greater(greater)) }
    if let atLeast { given.append(.atLeast(atLeast)) }
    if let between {
      guard between.count == 2 else { throw ArgumentMismatch("between is {low, high}") }
      given.append(.between(between[0], between[1]))
    }
    if let oneOf { given.append(.oneOf(oneOf)) }
    if isUnknown { given.append(.unknown) }
    guard given.count <= 1 else {
      throw ArgumentMismatch("one comparison at a time, got \(given.count)")
    }
    return given.first
  }
}

/// When numbers count as equal.
struct MatchOptions {
  let digits, cut: Int?
  let tolerance: Double?

  static var parameter: Parameter<MatchOptions> {
    Parameter<(Int?, Int?, Double?)>.options(
      "",
      .optional(
        "digits", ArgumentType<Int>.count("digits", from: -400, upTo: 400),
        "reals that round to the value with so many digits behind the point"),
      .optional(
        "cut", ArgumentType<Int>.count("cut", from: -400, upTo: 400),
        "reals that are the value when cut after so many digits"),
      .optional("tolerance", .number, "reals at most so far from the value")
    ).map(MatchOptions.init)
  }

  func realMatch() throws -> RealMatch {
    guard [digits != nil, cut != nil, tolerance != nil].count(where: \.self) <= 1 else {
      throw ArgumentMismatch("digits, cut and tolerance exclude each other")
    }
    if let digits { return .rounded(digits: digits) }
    if let cut { return .truncated(digits: cut) }
    return tolerance.map { .tolerance($0) } ?? .exact
  }
}

/// How the program stores the value.
struct EncodingOptions {
  let mask: UInt64?
  let encoding: StoredEncoding

  init(_ mask: Int64?, _ xor: Int64?, _ add: Int64?, _ rotate: Int?, _ scale: Double?) {
    self.mask = mask.map { UInt64(bitPattern: $0) }
    encoding = StoredEncoding(
      xor: xor.map { UInt64(bitPattern: $0) }, add: add, rotate: rotate, scale: scale)
  }

  static var parameter: Parameter<EncodingOptions> {
    Parameter<(Int64?, Int64?, Int64?, Int?, Double?)>.options(
      "",
      .optional("mask", .integer, "only these bits count"),
      .optional("xor", .integer, "stored with this key by exclusive or"),
      .optional("add", .integer, "stored with this added"),
      .optional(
        "rotate", ArgumentType<Int>.count("rotate", from: -63, upTo: 63),
        "stored rotated left by so many bits"),
      .optional("scale", .number, "stored multiplied by this")
    ).map(EncodingOptions.init)
  }
}

extension ArgumentType where Value == ScanTypes {
  /// A scalar type, or a group of them.
  static var scanTypes: ArgumentType<ScanTypes> {
    let names = ScalarFormat.all.map(\.name) + TypeGroup.allCases.map(\.rawValue)
    return ArgumentType<String>.text.map(
      "type name, \"any\", \"int\" or \"float\"",
      annotation: "pvm.scalar|\"any\"|\"int\"|\"float\"",
      choices: names
    ) { name in
      if let group = TypeGroup(rawValue: name) { return .group(group) }
      guard let format = ScalarFormat(name: name) else {
        throw ArgumentMismatch(Spelling.unknown("type", name, among: names))
      }
      return .one(format)
    }
  }
}

extension ArgumentType where Value == ScalarValue? {
  /// A value, or a table of options in its place.
  static var valueOrOptions: ArgumentType<ScalarValue?> {
    ArgumentType("value, or table of options", annotation: "number|boolean|table") { call, index in
      call.kind(at: index) == .table
        ? nil : try ArgumentType<ScalarValue>.scalarValue.read(call, index)
    }
  }
}
