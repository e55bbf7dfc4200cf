public import MemoryModel

#if Regex
  internal import CVectorscan
#endif

/// Regular expressions, compiled to be searched for in one pass; shared by all threads.
///
/// The search has two steps. A quick pass over everything finds where a match of some pattern ends,
/// with all patterns at once. Only there a second pass finds where it begins, over the least piece that
/// can hold the match: libhs needs many times as long when it has to keep the starts.
public final class RegexSet: Sendable {
  /// The longest match that is found, in bytes, unless told otherwise: 64 KiB.
  public static let defaultMaximumMatchLength = 65_536

  /// Whether this program was built with regular expressions: the trait Regex, on by default.
  public static var isBuiltIn: Bool {
    #if Regex
      true
    #else
      false
    #endif
  }

  /// The patterns, in the order of their indices.
  public let patterns: [RegexPattern]
  /// How the text lies in memory.
  public let encoding: TextEncoding
  /// How many bytes lie between two places where a text may begin: in UTF-16 2, or 1 for both phases.
  public let alignment: Int
  /// The longest match that is found, in bytes of memory; longer ones are cut or not found.
  public let maximumMatchLength: Int

  #if Regex
    /// Finds the ends of all patterns, fed block by block.
    let quick: RegexDatabase
    /// What is known of each pattern.
    let plans: [RegexPlan]
  #endif

  /// How many bytes before a segment have to be fed first, so that a match that began there is known.
  let leadBytes: Int

  /// Compiles patterns for memory that holds text in this encoding: `.utf8`, `.latin1`, `.bytes`,
  /// `.utf16le` or `.utf16be`.
  ///
  /// - Throws: `RegexError` that names the pattern, the column where libhs knows it, and what to type
  ///   instead; also where the library is not installed, or the program was built without it.
  public init(
    _ patterns: [RegexPattern], encoding: TextEncoding = .utf8, alignment: Int? = nil,
    maximumMatchLength: Int = defaultMaximumMatchLength
  ) throws(RegexError) {
    self.patterns = patterns
    self.encoding = encoding
    self.alignment = alignment == 1 ? 1 : encoding.unitBytes
    self.maximumMatchLength = min(max(maximumMatchLength, 16), 1 << 30) & ~1
    #if Regex
      if patterns.isEmpty { throw RegexError(reason: "there is no pattern") }
      if encoding.unitBytes == 4 {
        throw RegexError(
          reason: "text in UTF-32 is not searched", hint: "search UTF-8 or UTF-16")
      }
      try RegexLibrary.load()
      let maximum = self.maximumMatchLength
      var plans: [RegexPlan] = []
      for pattern in patterns {
        plans.append(try RegexPlan(pattern, encoding: encoding, maximumMatchLength: maximum))
      }
      self.plans = plans
      quick = try Self.compileQuickly(patterns, plans, encoding)
      leadBytes = plans.map { $0.leadBytes(encoding, maximum) }.max() ?? maximum
    #else
      throw RegexError(
        reason: "this program was built without regular expressions",
        hint: "build it with the trait Regex, which is on by default")
    #endif
  }
}

#if Regex
  extension RegexSet {
    /// One database that reports the ends of all patterns.
    private static func compileQuickly(
      _ patterns: [RegexPattern], _ plans: [RegexPlan], _ encoding: TextEncoding
    ) throws(RegexError) -> RegexDatabase {
      do {
        return try RegexLibrary.compile(
          plans.map(\.bytes), flags: plans.map(\.flags))
      } catch {
        guard patterns.indices.contains(error.pattern) else {
          throw RegexError(
            reason: "together they are refused: \(error.reason)", hint: "search for fewer at once")
        }
        let pattern = patterns[error.pattern]
        throw RegexError(pattern, refusal: error.reason) {
          pattern.column(ofByte: $0, in: encoding)
        }
      }
    }
  }

  /// What is known of one pattern, and the database that finds where its matches begin.
  struct RegexPlan: Sendable {
    /// The pattern as libhs gets it.
    let bytes: [UInt8]
    /// The flags of libhs.
    let flags: UInt32
    /// Bytes that can lie in a match.
    let alphabet: ByteSet
    /// How long every match is, in bytes of the text that libhs sees; nil when that varies.
    let exactBytes: Int?
    /// How long a match can be at most, so; nil when it can be longer than the maximum of the set.
    let mostBytes: Int?
    /// Finds matches with their starts in one piece of text; nil where every match is as long.
    let exact: RegexDatabase?

    init(
      _ pattern: RegexPattern, encoding: TextEncoding, maximumMatchLength: Int
    ) throws(RegexError) {
      let bytes = try pattern.bytes(in: encoding)
      let isUTF8 = pattern.isUTF8(in: encoding)
      let flags = Self.flags(of: pattern, utf8: isUTF8)
      let sketch = RegexSketch(bytes, of: pattern, utf8: isUTF8)
      let column = { (index: Int) in pattern.column(ofByte: index, in: encoding) }
      if let anchor = sketch.anchor {
        throw RegexError(
          pattern, column: column(anchor),
          reason: "an anchor to the start or the end of everything, which memory has not",
          hint: "leave it out, or allow ^ and $ at the start and the end of lines (multiline)")
      }
      do {
        let facts = try RegexLibrary.inspect(bytes, flags: flags)
        let least = Int(facts.least_bytes)
        let most = facts.most_bytes == .max ? Int.max : Int(facts.most_bytes)
        exactBytes = least == most && least > 0 && least <= maximumMatchLength ? least : nil
        // A byte of UTF-8 stands for two of UTF-16 at most.
        mostBytes = most <= maximumMatchLength / encoding.unitBytes ? most : nil
        let start = flags | UInt32(PVH_LEFTMOST_START)
        exact =
          exactBytes != nil
          ? nil : try RegexLibrary.compile([bytes], flags: [start])
      } catch {
        throw RegexError(pattern, refusal: error.reason, column: column)
      }
      self.bytes = bytes
      self.flags = flags
      alphabet = sketch.alphabet
    }

    private static func flags(of pattern: RegexPattern, utf8: Bool) -> UInt32 {
      var flags: UInt32 = 0
      if pattern.ignoresCase { flags |= UInt32(PVH_IGNORES_CASE) }
      if pattern.dotMatchesNewline { flags |= UInt32(PVH_DOT_MATCHES_NEWLINE) }
      if pattern.multiline { flags |= UInt32(PVH_MULTILINE) }
      if utf8 { flags |= UInt32(PVH_UTF8) }
      return flags
    }

    /// How far before its end a match can begin, with its context, in bytes of memory.
    func leadBytes(_ encoding: TextEncoding, _ maximum: Int) -> Int {
      (mostBytes.map { $0 * encoding.unitBytes } ?? maximum) + RegexStream.contextBytes
    }
  }
#endif
