import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var findMethods: [Declaration] {
    [
      .method(
        "find", "Find a byte pattern.",
        Parameter("pattern", .bytePattern, "\"48 8b ?? 4? : ff ff 00 f0\", \"'MZ' ??\""),
        SearchSettings.parameter,
        returns: hits("places where it stands; each is a cell whose value is the bytes"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: #"print(#game:find("'PVMWORLD'", {perms="rw"}) >= 1)  --> true"#,
          notes: """
            Two hexadecimal digits a byte; ? for a digit or a byte that may be anything; text in \
            quotes; after a colon a mask, one byte for each of the pattern or one for all. Searches \
            where `scan` does: name perms="x" or module= to search code.
            """, seeAlso: ["process.find_all", "process.find_string", "process.scan"])
      ) {
        (call, handle: ProcessHandle, pattern: BytePattern, search: SearchSettings) -> HitsObject in
        try call.search(handle, search.work) {
          try handle.source.find(
            [("bytes", pattern)], alignment: search.work.alignment, in: search.place.scope,
            options: $0)
        }
      },
      .method(
        "find_all", "Find many byte patterns in one pass.",
        Parameter("patterns", .bytePatterns, "{name = pattern, ...}, or a list"),
        SearchSettings.parameter,
        returns: hits("kept apart by name: `cell.type` and `hits.types` tell which"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local found = game:find_all({magic="'PVMWORLD'", hurt="29 f0"}, {perms="r"})
            print(found.types.magic >= 1, found.types.hurt >= 1)  --> true true
            """, seeAlso: ["process.find"])
      ) {
        (
          call, handle: ProcessHandle, patterns: [NamedPattern], search: SearchSettings
        ) -> HitsObject in
        try call.search(handle, search.work) {
          try handle.source.find(
            patterns.map { ($0.name, $0.pattern) }, alignment: search.work.alignment,
            in: search.place.scope, options: $0)
        }
      },
      .method(
        "find_string", "Find text.",
        Parameter("text", .bytes, "in UTF-8"),
        textOptions,
        returns: hits("places where it starts; each is a cell whose value is the text"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local hits = game:find_string(game:read_string(name_utf8), {nocase=true})
            print(hits:has(name_utf8))  --> true
            """,
          notes: """
            Several encodings are searched in one pass and kept apart. Without regard to case, \
            letters are found in each case that takes as many bytes: not ß as SS.
            """, seeAlso: ["process.find", "process.read_string"])
      ) { (call, handle: ProcessHandle, text: [UInt8], options: TextSettings) -> HitsObject in
        try call.search(handle, options.search.work) {
          try handle.source.findText(
            TextSearch(
              text, encodings: options.encodings, ignoresCase: options.ignoresCase,
              isTerminated: options.isTerminated),
            alignment: options.search.work.alignment, in: options.search.place.scope, options: $0)
        }
      },
    ]
  }

  private static var textOptions: Parameter<TextSettings> {
    Parameter<(TextSettings.Spelling, SearchPlace, SearchWork)>.optionGroups(
      "how it is stored, where and how to search", TextSettings.Spelling.parameter,
      SearchPlace.parameter, SearchWork.parameter
    ).map(TextSettings.init)
  }
}

/// The options of a search for text.
struct TextSettings {
  let encodings: [TextEncoding]
  let ignoresCase: Bool
  let isTerminated: Bool
  let search: SearchSettings

  init(_ spelling: Spelling, _ place: SearchPlace, _ work: SearchWork) {
    encodings = spelling.encodings
    ignoresCase = spelling.ignoresCase
    isTerminated = spelling.isTerminated
    search = SearchSettings(place: place, work: work)
  }

  /// How the text is stored.
  struct Spelling {
    let encodings: [TextEncoding]
    let ignoresCase: Bool
    let isTerminated: Bool

    static var parameter: Parameter<Spelling> {
      Parameter<([TextEncoding], Bool, Bool)>.options(
        "",
        Parameter<[TextEncoding]>(
          "encoding", .encodings, "one, or a list; \"all\" for every one", default: [.utf8],
          "\"utf8\""),
        Parameter<Bool>("nocase", .boolean, "find letters in any case", default: false),
        Parameter<Bool>("terminated", .boolean, "a zero must follow", default: false)
      ).map(Spelling.init)
    }
  }
}

/// A pattern and what a script calls it.
struct NamedPattern {
  let name: String
  let pattern: BytePattern
}

extension BytePattern {
  /// The pattern a script's text means.
  fileprivate init(argument text: [UInt8]) throws {
    let text = String(decoding: text, as: UTF8.self)
    do { try self.init(parsing: text) } catch {
      throw ArgumentMismatch("pattern \"\(text)\", \(error)")
    }
  }
}

extension ArgumentType where Value == BytePattern {
  /// "48 8b ?? 4?".
  static var bytePattern: ArgumentType<BytePattern> {
    ArgumentType<[UInt8]>.bytes.map("byte pattern") { try BytePattern(argument: $0) }
  }
}

extension ArgumentType where Value == [NamedPattern] {
  /// {name = pattern, ...}; patterns of a list are called by their numbers.
  static var bytePatterns: ArgumentType<[NamedPattern]> {
    ArgumentType<LuaValue>.table.map(
      "table of byte patterns", annotation: "table<string, string>"
    ) { value in
      try value.namedTexts("pattern").map {
        NamedPattern(name: $0.name, pattern: try BytePattern(argument: $0.text))
      }
    }
  }
}

extension ArgumentType where Value == [TextEncoding] {
  /// An encoding, a list of them, or "all".
  static var encodings: ArgumentType<[TextEncoding]> {
    let names = TextEncoding.allCases.map(\.rawValue) + ["all"]
    return ArgumentType<LuaValue>.any.map(
      "encoding or list of encodings", annotation: "string|string[]", choices: names
    ) { value in
      let items: [LuaValue] = if case .table(let table) = value { table.array } else { [value] }
      var encodings: [TextEncoding] = []
      for item in items {
        guard case .bytes(let name) = item else {
          throw ArgumentMismatch("an encoding is a string, got \(item.typeName)")
        }
        let word = String(decoding: name, as: UTF8.self)
        if word == "all" { return TextEncoding.allCases.filter { $0 != .bytes } }
        guard let encoding = TextEncoding(rawValue: word) else {
          throw ArgumentMismatch(LuaHost.Spelling.unknown("encoding", word, among: names))
        }
        if !encodings.contains(encoding) { encodings.append(encoding) }
      }
      guard !encodings.isEmpty else { throw ArgumentMismatch("at least one encoding is expected") }
      return encodings
    }
  }
}

extension LuaValue {
  /// The strings of a table by name: those of a list are called by their numbers.
  /// - Parameter what: what each is, for messages.
  func namedTexts(_ what: String) throws -> [(name: String, text: [UInt8])] {
    guard case .table(let table) = self else {
      throw ArgumentMismatch("table expected, got \(typeName)")
    }
    let listed = table.array.enumerated().map { (name: "\($0 + 1)", value: $1) }
    let named = listed + table.fields.sorted { $0.name < $1.name }
    guard !named.isEmpty else { throw ArgumentMismatch("at least one \(what) is expected") }
    return try named.map { name, value in
      guard case .bytes(let text) = value else {
        throw ArgumentMismatch("\(what) '\(name)' is a \(value.typeName), not a string")
      }
      return (name, text)
    }
  }
}
