import LuaHost
import MemoryModel

/// The options of a field of a struct.
struct FieldOptions {
  let values: ValueSettings
  let pointer: PointerOptions
  let isInverted: Bool

  static var parameter: Parameter<FieldOptions> {
    Parameter<(ValueSettings, PointerOptions, Bool)>.optionGroups(
      "", ValueSettings.parameter, PointerOptions.parameter, inverted
    ).map(FieldOptions.init)
  }

  /// The option that every field has.
  static var inverted: Parameter<Bool> {
    Parameter<Bool>.options(
      "",
      Parameter<Bool>(
        "inverted", .boolean, "what does not meet the rest of the field", default: false))
  }

  /// What is asked of a field of this type.
  func condition(_ format: ScalarFormat, _ value: ScalarValue?) throws -> RecordCondition {
    let isPlainPointer = format == ScalarFormat(.ptr)
    if pointer.isGiven {
      guard isPlainPointer else {
        throw ArgumentMismatch(
          "into, string, text, encoding, terminated, to and null are for ptr, not for \(format)")
      }
      guard value == nil, values.isEmpty else {
        throw ArgumentMismatch("a ptr has a value, or is asked where it leads, not both")
      }
    } else if !isPlainPointer || value != nil || !values.isEmpty {
      return inverted(.value(format, try values.condition(value)))
    }
    return inverted(.pointer(try pointer.condition()))
  }

  private func inverted(_ condition: RecordCondition) -> RecordCondition {
    isInverted ? .not(condition) : condition
  }
}

/// What is asked of an address in a field.
struct PointerOptions {
  let into: RegionFilter?
  let string: [UInt8]?
  let text: Int?
  let encoding: TextEncoding?
  let isTerminated: Bool?
  let target: PointeeCondition?
  let isNullable: Bool?

  static var parameter: Parameter<PointerOptions> {
    Parameter<(RegionFilter?, [UInt8]?, Int?, TextEncoding?, Bool?, PointeeCondition?, Bool?)>
      .options(
        "",
        .optional(
          "into", .pointerRegions,
          "where it leads: kinds joined by |, a module, {first, behind}, or options as `regions`"
            + " takes them; anything mapped by default"),
        .optional("string", .bytes, "it leads to this text, given in UTF-8"),
        .optional(
          "text", ArgumentType<Int>.count("text", from: 1, upTo: 1024),
          "it leads to at least so many printable characters"),
        .optional("encoding", .encoding, "how `string` or `text` is stored; utf8 by default"),
        .optional("terminated", .boolean, "whether a zero must end `string`; it must by default"),
        .optional(
          "to", .pointee, "it leads to {type, value, comparison options} or {\"bytes\", pattern}"),
        .optional("null", .boolean, "whether a null pointer will do too")
      ).map(PointerOptions.init)
  }

  /// Whether any of the options is.
  var isGiven: Bool {
    into != nil || string != nil || text != nil || encoding != nil || isTerminated != nil
      || target != nil || isNullable != nil
  }

  func condition() throws -> PointerCondition {
    guard [string != nil, text != nil, target != nil].count(where: \.self) <= 1 else {
      throw ArgumentMismatch("string, text and to exclude each other")
    }
    guard encoding == nil || string != nil || text != nil else {
      throw ArgumentMismatch("encoding goes with string or text")
    }
    guard isTerminated == nil || string != nil else {
      throw ArgumentMismatch("terminated goes with string")
    }
    return PointerCondition(into: into, to: pointee, isNullable: isNullable ?? false)
  }

  private var pointee: PointeeCondition? {
    if let string {
      return .text(string, encoding ?? .utf8, isTerminated: isTerminated ?? true)
    }
    return text.map { .printableText(minimumCount: $0, encoding ?? .utf8) } ?? target
  }
}

extension ArgumentType where Value == RegionFilter {
  /// Kinds joined by |, a module's name, {first, behind}, a mapping, or options of `regions`.
  static var pointerRegions: ArgumentType<RegionFilter> {
    ArgumentType(
      "regions", annotation: "string|integer[]|pvm.region|table",
      choices: RegionKind.allCases.map(\.rawValue)
    ) { call, index in
      switch call.kind(at: index) {
      case .string:
        return try RegionFilter(kindsOrModule: ArgumentType<String>.text.read(call, index))
      case .object:
        let region = try ArgumentType<RegionObject>.object("pvm.region").read(call, index).region
        return RegionFilter(range: region.range)
      case .table where try !call.itemNumbers(of: index).isEmpty:
        return RegionFilter(range: try ArgumentType<AddressRange>.range.read(call, index))
      case .table: return try call.readOptions(.regionFilter(""), at: index)
      default: throw call.mismatch("kind, module, {first, behind} or table", at: index)
      }
    }
  }
}

extension RegionFilter {
  /// Words that are kinds are kinds, joined by |; one that is not is a module.
  fileprivate init(kindsOrModule text: String) throws {
    guard RegionKind(rawValue: text) != nil || text.contains("|") else {
      self.init(module: text)
      return
    }
    let names = RegionKind.allCases.map(\.rawValue)
    let kinds = try text.split(separator: "|").map { word in
      guard let kind = RegionKind(rawValue: String(word)) else {
        throw ArgumentMismatch(Spelling.unknown("kind", String(word), among: names))
      }
      return kind
    }
    self.init(kinds: Set(kinds))
  }
}

extension ArgumentType where Value == PointeeCondition {
  /// {type, value, comparison options}, or {"bytes", pattern}.
  static var pointee: ArgumentType<PointeeCondition> {
    ArgumentType("{type, value, ...}", annotation: "table") { call, index in
      switch try call.itemType(.fieldType, at: index) {
      case .bytes:
        try call.checkHasNoOptions(at: index)
        return .bytes(try call.itemPattern(at: index))
      case .scalar(let format):
        let (value, values) = try call.itemValue(ValueSettings.parameter, at: index)
        return .value(format, try values.condition(value))
      }
    }
  }
}

extension Call {
  fileprivate func checkHasNoOptions(at table: Int32) throws {
    guard try !hasNamedEntries(at: table), try itemNumbers(of: table).allSatisfy({ $0 <= 2 }) else {
      throw ArgumentMismatch("{\"bytes\", pattern} takes nothing else")
    }
  }
}
