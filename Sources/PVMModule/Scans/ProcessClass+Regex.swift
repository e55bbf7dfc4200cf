import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var regexMethods: [Declaration] {
    [
      .method(
        "find_regex", "Find regular expressions.",
        Parameter("expression", .expressions, "one, or {name = expression, ...}"),
        regexOptions,
        returns: hits("where they match; each is a cell whose value is the text that matched"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: #"print(game:find_regex("PVM[A-Z]+")[1].value)  --> PVMWORLD"#,
          notes: """
            The syntax is PCRE's without back-references and look-around. Matches are the leftmost \
            and longest ones and do not overlap, at most `max` bytes long; none goes over memory that \
            cannot be read. Several expressions are searched in one pass and kept apart by name.
            """, seeAlso: ["process.find_string", "process.find_all"])
      ) {
        (
          call, handle: ProcessHandle, expressions: [NamedExpression], options: RegexSettings
        ) -> HitsObject in
        let set = try options.compile(expressions)
        return try call.search(handle, options.search.work) {
          try handle.source.findRegex(set, in: options.search.place.scope, options: $0)
        }
      }
    ]
  }

  private static var regexOptions: Parameter<RegexSettings> {
    Parameter<(RegexSettings.Reading, SearchPlace, SearchWork)>.optionGroups(
      "how to read it, where and how to search", RegexSettings.Reading.parameter,
      SearchPlace.parameter, SearchWork.parameter
    ).map(RegexSettings.init)
  }
}

/// The options of a search for regular expressions.
struct RegexSettings {
  let reading: Reading
  let search: SearchSettings

  init(_ reading: Reading, _ place: SearchPlace, _ work: SearchWork) {
    self.reading = reading
    search = SearchSettings(place: place, work: work)
  }

  /// How the expressions are read.
  struct Reading {
    let encoding: TextEncoding
    let ignoresCase, dotMatchesNewline, isMultiline, isUTF8: Bool
    let longest: Int

    static var parameter: Parameter<Reading> {
      Parameter<(TextEncoding, Bool, Bool, Bool, Bool, Int)>.options(
        "",
        Parameter<TextEncoding>(
          "encoding", .encoding, "how the text is stored; not UTF-32", default: .utf8, "\"utf8\""),
        Parameter<Bool>("nocase", .boolean, "match letters in any case", default: false),
        Parameter<Bool>("dotall", .boolean, "let . match a line feed", default: false),
        Parameter<Bool>("multiline", .boolean, "let ^ and $ match at lines", default: false),
        Parameter<Bool>(
          "utf8", .boolean, "let . and classes stand for characters of UTF-8, not bytes",
          default: false),
        Parameter<Int>(
          "max", .count("max", from: 16, upTo: 1 << 30), "bytes of the longest match",
          default: RegexSet.defaultMaximumMatchLength)
      ).map(Reading.init)
    }
  }

  /// The expressions, ready to be searched for.
  func compile(_ expressions: [NamedExpression]) throws -> RegexSet {
    let patterns = expressions.map {
      RegexPattern(
        $0.text, label: $0.name, ignoresCase: reading.ignoresCase,
        dotMatchesNewline: reading.dotMatchesNewline, utf8: reading.isUTF8,
        multiline: reading.isMultiline)
    }
    do throws(RegexError) {
      return try RegexSet(
        patterns, encoding: reading.encoding, alignment: search.work.alignment,
        maximumMatchLength: reading.longest)
    } catch {
      throw RemoteMemoryError(error)
    }
  }
}

/// A regular expression and what a script calls it.
struct NamedExpression {
  let name: String
  let text: String
}

extension ArgumentType where Value == [NamedExpression] {
  /// An expression, or a table of them.
  static var expressions: ArgumentType<[NamedExpression]> {
    ArgumentType<LuaValue>.any.map(
      "regular expression, or table of them", annotation: "string|table<string, string>"
    ) { value in
      if case .bytes(let text) = value {
        return [NamedExpression(name: "regex", text: String(decoding: text, as: UTF8.self))]
      }
      guard case .table = value else {
        throw ArgumentMismatch("string or table expected, got \(value.typeName)")
      }
      return try value.namedTexts("expression").map {
        NamedExpression(name: $0.name, text: String(decoding: $0.text, as: UTF8.self))
      }
    }
  }
}
