/// What stands before the names of a declaration.
struct CSpecifiers {
  var type: CType
  var isTypedef = false
  /// `__attribute__((packed))`, for the members declared.
  var isPacked = false
  var aligned: Int?
  /// The key of a struct without a tag whose members stand here.
  var anonymous: String?
}

/// `__attribute__` of a type or a name.
struct CAttributes {
  var isPacked = false
  var aligned: Int?
}

extension CParser {
  private static let ignored: Set<String> = [
    "extern", "static", "inline", "__inline", "__inline__", "_Noreturn", "register", "auto",
    "_Thread_local", "__thread", "__extension__", "const", "volatile", "restrict", "_Atomic",
    "__const", "__const__", "__volatile__", "__restrict", "__restrict__", "constexpr",
  ]
  private static let basics: Set<String> = [
    "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool",
    "bool", "__signed__", "__int128", "_Complex",
  ]

  /// Whether a type can begin with the token here.
  func startsType(_ token: CToken) -> Bool {
    guard case .word(let word) = token.kind else { return false }
    if Self.ignored.contains(word) || Self.basics.contains(word) { return true }
    if ["struct", "union", "enum", "class", "typedef"].contains(word) { return true }
    return scope.typedefs[word] != nil || CType.standard(word, abi) != nil
  }

  /// The type, and what else stands before the names.
  mutating func specifiers() throws(CSyntaxError) -> CSpecifiers {
    try nested { (parser) throws(CSyntaxError) in try parser.innerSpecifiers() }
  }

  private mutating func innerSpecifiers() throws(CSyntaxError) -> CSpecifiers {
    let start = token
    var words: [String: Int] = [:]
    var found = CSpecifiers(type: .void)
    var type: CType?
    while case .word(let word) = token.kind {
      if word == "typedef" {
        found.isTypedef = true
        advance()
      } else if Self.ignored.contains(word) {
        advance()
      } else if try attributes(word, &found) {
        continue
      } else if type == nil, Self.basics.contains(word) {
        words[word, default: 0] &+= 1
        advance()
      } else if type == nil, words.isEmpty, let other = try otherType(word, &found) {
        type = other
      } else {
        break
      }
    }
    if type == nil, words.isEmpty {
      throw start.error(unknownType(start))
    }
    if let type { found.type = type } else { found.type = try basicType(words, start) }
    return found
  }

  private func unknownType(_ token: CToken) -> String {
    guard case .word(let word) = token.kind else { return "expected a type, got \(token.text)" }
    return "unknown type '\(word.utf8.count <= 64 ? word : word.prefix(32) + "...")'"
  }

  /// A struct, union, enum or a name.
  private mutating func otherType(
    _ word: String, _ found: inout CSpecifiers
  ) throws(CSyntaxError) -> CType? {
    switch word {
    case "struct", "class": return try record(isUnion: false, &found)
    case "union": return try record(isUnion: true, &found)
    case "enum": return try enumeration()
    default: break
    }
    guard let type = namedType(word) else { return nil }
    advance()
    return type
  }

  /// The type that a name stands for: a typedef, one of stdint.h, or as in C++ a tag.
  private func namedType(_ name: String) -> CType? {
    if let type = scope.typedefs[name] { return type }
    if let type = CType.standard(name, abi) { return type }
    for key in ["struct " + name, "union " + name] where scope.records[key] != nil {
      return CType(kind: .record(key), byteCount: 0, alignment: 1)
    }
    return scope.enums[name]
  }

  /// `__attribute__` and `alignas`; false when neither stands here.
  private mutating func attributes(
    _ word: String, _ found: inout CSpecifiers
  ) throws(CSyntaxError) -> Bool {
    var list = CAttributes(isPacked: found.isPacked, aligned: found.aligned)
    guard try attributes(word, &list) else { return false }
    found.isPacked = list.isPacked
    found.aligned = list.aligned
    return true
  }

  mutating func attributes(
    _ word: String, _ found: inout CAttributes
  ) throws(CSyntaxError) -> Bool {
    switch word {
    case "alignas", "_Alignas":
      advance()
      try expect("(")
      let start = token
      let size = startsType(token) ? Int64(try typeName().alignment) : try constant()
      try align(&found, size, start)
      try expect(")")
    case "__attribute__", "__attribute":
      advance()
      try expect("(")
      try expect("(")
      while !isSign(")") {
        try attribute(&found)
        if !take(",") { break }
      }
      try expect(")")
      try expect(")")
    default: return false
    }
    return true
  }

  private mutating func attribute(_ found: inout CAttributes) throws(CSyntaxError) {
    guard case .word(let word) = token.kind else {
      if isSign(",") { return }
      throw token.error("expected an attribute, got \(token.text)")
    }
    let start = token
    advance()
    switch word {
    case "packed", "__packed__": found.isPacked = true
    case "aligned", "__aligned__":
      guard take("(") else { return try align(&found, 16, start) }
      try align(&found, try constant(), start)
      try expect(")")
    case "mode", "__mode__", "vector_size", "__vector_size__", "ms_struct", "scalar_storage_order":
      throw start.error("the attribute '\(word)' is not understood")
    default:
      if isSign("(") { try skipBalanced() }
    }
  }

  private func align(
    _ found: inout CAttributes, _ size: Int64, _ start: CToken
  ) throws(CSyntaxError) {
    if size == 0 { return }
    guard size >= 1, size <= 65_536, size & (size &- 1) == 0 else {
      throw start.error("an alignment is a power of two up to 65536, got \(size)")
    }
    found.aligned = max(found.aligned ?? 1, Int(size))
  }

  /// The type that words such as `unsigned long int` name together.
  private func basicType(
    _ words: [String: Int], _ start: CToken
  ) throws(CSyntaxError) -> CType {
    var rest = words
    let isUnsigned = rest.removeValue(forKey: "unsigned") != nil
    let isSigned = [rest.removeValue(forKey: "signed"), rest.removeValue(forKey: "__signed__")]
      .contains { $0 != nil }
    let longs = rest.removeValue(forKey: "long") ?? 0
    let isShort = rest.removeValue(forKey: "short") != nil
    let hasInt = rest.removeValue(forKey: "int") != nil
    let other = rest.keys.first
    let hasSign = isUnsigned || isSigned
    let problem = start.error(
      "these words are no type: \(words.keys.sorted().joined(separator: " "))")
    guard rest.count <= 1, rest.values.allSatisfy({ $0 == 1 }), !(isUnsigned && isSigned),
      longs <= 2, !(isShort && longs > 0), other == nil || !(isShort || hasInt)
    else { throw problem }
    switch other {
    case nil:
      let type: ScalarType
      if isShort {
        type = isUnsigned ? .u16 : .i16
      } else if longs == 2 || (longs == 1 && abi.longByteCount == 8) {
        type = isUnsigned ? .u64 : .i64
      } else {
        type = isUnsigned ? .u32 : .i32
      }
      return .number(ScalarFormat(type), abi)
    case "char" where longs == 0:
      if hasSign { return .number(ScalarFormat(isUnsigned ? .u8 : .i8), abi) }
      return .number(ScalarFormat(.i8), abi, text: .utf8)
    case "double" where longs == 1 && !hasSign:
      return .opaque(abi.longDouble.byteCount, abi.longDouble.alignment)
    case "__int128" where longs == 0: return .opaque(16, 16)
    case let other? where longs == 0 && !hasSign:
      switch other {
      case "void": return .void
      case "float": return .number(ScalarFormat(.f32), abi)
      case "double": return .number(ScalarFormat(.f64), abi)
      case "_Bool", "bool": return .number(ScalarFormat(.bool), abi)
      default: throw problem
      }
    default: throw problem
    }
  }

  /// A type in parentheses: `sizeof(struct entity *)`.
  mutating func typeName() throws(CSyntaxError) -> CType {
    let start = token
    let specifiers = try specifiers()
    let declarator = try declarator(specifiers.type)
    if declarator.name != nil { throw start.error("expected a type without a name") }
    return try sized(declarator.type, start)
  }
}

extension CType {
  /// A type that headers define: stdint.h, stddef.h, uchar.h, sys/types.h, and short names.
  static func standard(_ name: String, _ abi: CTargetABI) -> CType? {
    let isWide = abi.pointerWidth == .eight
    let isLong64 = abi.longByteCount == 8
    let type: ScalarType
    switch name {
    case "int8_t", "s8", "i8", "__s8": type = .i8
    case "uint8_t", "u8", "__u8", "byte": type = .u8
    case "int16_t", "s16", "i16", "__s16": type = .i16
    case "uint16_t", "u16", "__u16", "ushort": type = .u16
    case "int32_t", "s32", "i32", "__s32", "pid_t", "int_least32_t": type = .i32
    case "uint32_t", "u32", "__u32", "uint", "uid_t", "gid_t", "mode_t": type = .u32
    case "int64_t", "s64", "i64", "__s64", "intmax_t", "off64_t": type = .i64
    case "uint64_t", "u64", "__u64", "uintmax_t", "ino64_t": type = .u64
    case "f32": type = .f32
    case "f64": type = .f64
    case "intptr_t", "ptrdiff_t", "ssize_t": type = isWide ? .i64 : .i32
    case "uintptr_t", "size_t": type = isWide ? .u64 : .u32
    case "time_t", "off_t", "int_fast16_t", "int_fast32_t", "suseconds_t", "clock_t":
      type = isLong64 ? .i64 : .i32
    case "ulong", "ino_t", "uint_fast16_t", "uint_fast32_t": type = isLong64 ? .u64 : .u32
    case "char8_t": return .number(ScalarFormat(.u8), abi, text: .utf8)
    case "char16_t": return .number(ScalarFormat(.u16), abi, text: .utf16le)
    case "char32_t": return .number(ScalarFormat(.u32), abi, text: .utf32le)
    case "wchar_t": return .number(ScalarFormat(.i32), abi, text: .utf32le)
    default: return nil
    }
    return .number(ScalarFormat(type), abi)
  }
}
