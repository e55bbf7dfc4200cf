#if Regex
  internal import CVectorscan

  /// What searching asks of libhs, with its results as Swift has them.
  enum RegexLibrary {
    typealias Handler = pvh_handler

    /// Loads the library, at the first use.
    static func load() throws(RegexError) {
      guard let reason = unsafe pvh_load() else { return }
      throw unsafe RegexError(
        reason: String(cString: reason), hint: "apt-get install libvectorscan5")
    }

    /// The result of `body` with each pattern as C has it.
    static func withCStrings<Result>(
      _ patterns: [[UInt8]], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
      let text: [UInt8] = patterns.reduce(into: []) { $0 += $1 + [0] }
      return unsafe text.withUnsafeBytes { bytes in
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        var offset = 0
        var pointers: [UnsafePointer<CChar>?] = unsafe []
        for pattern in patterns {
          unsafe pointers.append(start?.advanced(by: offset))
          offset += pattern.count + 1
        }
        return unsafe pointers.withUnsafeBufferPointer { list in
          guard let base = list.baseAddress else { preconditionFailure("no patterns") }
          return unsafe body(base)
        }
      }
    }

    /// A refusal, for which `pattern` is the index of the one to blame or negative.
    struct Refusal: Error {
      let pattern: Int
      let reason: String

      init(_ refusal: pvh_refusal) {
        pattern = Int(refusal.pattern)
        reason = unsafe withUnsafeBytes(of: refusal.reason) { bytes in
          let text = unsafe bytes.prefix { $0 != 0 }
          return unsafe String(decoding: text, as: UTF8.self)
        }
      }
    }

    /// The lengths of what a pattern can match.
    static func inspect(_ pattern: [UInt8], flags: UInt32) throws(Refusal) -> pvh_facts {
      var facts = pvh_facts()
      var refusal = pvh_refusal()
      let status = unsafe withCStrings([pattern]) { patterns in
        unsafe pvh_inspect(patterns[0], flags, &facts, &refusal)
      }
      if status != 0 { throw Refusal(refusal) }
      return facts
    }

    /// A database of these patterns.
    static func compile(
      _ patterns: [[UInt8]], flags: [UInt32]
    ) throws(Refusal) -> RegexDatabase {
      var database: OpaquePointer?
      var refusal = pvh_refusal()
      let status = unsafe withCStrings(patterns) { texts in
        unsafe flags.withUnsafeBufferPointer { flags in
          unsafe pvh_compile(
            texts, flags.baseAddress, UInt32(patterns.count), &database, &refusal)
        }
      }
      guard status == 0, let database = unsafe database else { throw Refusal(refusal) }
      return unsafe RegexDatabase(database)
    }
  }

  /// A compiled database of libhs; it is never changed, so all threads share it.
  @safe final class RegexDatabase: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe pvh_free_database(pointer) }
  }
#endif
