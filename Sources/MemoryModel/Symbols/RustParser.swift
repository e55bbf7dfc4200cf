/// Reads a name mangled as RFC 2603 says, from left to right, and writes it as people do.
struct RustParser {
  /// Why reading ends early: the bytes are no such name, or unfold too far.
  struct Refusal: Error {}

  private let bytes: [UInt8]
  var place = 0
  var depth = 0
  private var text = ""
  /// Whether what is read is to be written.
  private var isShowing = true
  /// How many lifetimes are bound around here.
  var bound: UInt64 = 0

  /// A parser of what follows `_R`.
  init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

  /// The whole name; nil where it is none.
  mutating func symbol() -> String? {
    do throws(Refusal) {
      // A version would be a number; there is none yet.
      guard let first = peek, first &- 0x30 >= 10 else { return nil }
      try path(inValue: true)
      // The crate that made a copy, and what a compiler adds to it.
      if let next = peek, next != UInt8(ascii: "."), next != UInt8(ascii: "$") {
        isShowing = false
        try path(inValue: false)
      }
      guard place == bytes.count || peek == UInt8(ascii: ".") || peek == UInt8(ascii: "$") else {
        return nil
      }
      return text
    } catch {
      return nil
    }
  }

  // MARK: Reading

  var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  mutating func next() throws(Refusal) -> UInt8 {
    guard let byte = peek else { throw Refusal() }
    place += 1
    return byte
  }

  mutating func take(_ letter: Unicode.Scalar) -> Bool {
    guard let byte = peek, UInt32(byte) == letter.value else { return false }
    place += 1
    return true
  }

  /// A number in digits and letters; `_` alone is 0.
  mutating func base62() throws(Refusal) -> UInt64 {
    if take("_") { return 0 }
    var value: UInt64 = 0
    while true {
      let byte = try next()
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x7A: digit = byte - 0x61 + 10
      case 0x41...0x5A: digit = byte - 0x41 + 36
      case 0x5F:
        let (sum, overflows) = value.addingReportingOverflow(1)
        if overflows { throw Refusal() }
        return sum
      default: throw Refusal()
      }
      let (product, overflows) = value.multipliedReportingOverflow(by: 62)
      let (sum, overflowsToo) = product.addingReportingOverflow(UInt64(digit))
      if overflows || overflowsToo { throw Refusal() }
      value = sum
    }
  }

  mutating func optionalBase62(_ letter: Unicode.Scalar) throws(Refusal) -> UInt64 {
    guard take(letter) else { return 0 }
    let value = try base62()
    if value == .max { throw Refusal() }
    return value + 1
  }

  mutating func identifier() throws(Refusal) -> (name: String, number: UInt64) {
    let number = try optionalBase62("s")
    return (try plainIdentifier(), number)
  }

  mutating func plainIdentifier() throws(Refusal) -> String {
    let isCoded = take("u")
    var count = 0
    guard let first = peek, first &- 0x30 < 10 else { throw Refusal() }
    if take("0") {
      count = 0
    } else {
      while let byte = peek, byte &- 0x30 < 10 {
        count = count * 10 + Int(byte - 0x30)
        place += 1
        if count > bytes.count { throw Refusal() }
      }
    }
    _ = take("_")
    guard count <= bytes.count - place else { throw Refusal() }
    let name = bytes[place..<(place + count)]
    place += count
    if isCoded { return Punycode.decoded(name) ?? String(decoding: name, as: UTF8.self) }
    return String(decoding: name, as: UTF8.self)
  }

  // MARK: Writing

  mutating func show(_ more: String) throws(Refusal) {
    guard isShowing else { return }
    if text.utf8.count + more.utf8.count > RustName.longestText { throw Refusal() }
    text += more
  }

  mutating func enter() throws(Refusal) {
    depth += 1
    if depth > 100 { throw Refusal() }
  }

  /// Reads what stands earlier in the name once more.
  mutating func reread(
    _ body: (inout RustParser) throws(Refusal) -> Void
  ) throws(Refusal) {
    let start = place - 1
    let target = try base62()
    guard target < UInt64(start) else { throw Refusal() }
    guard isShowing else { return }
    let after = place
    place = Int(target)
    try enter()
    try body(&self)
    depth -= 1
    place = after
  }

  // MARK: Grammar

  mutating func path(inValue: Bool) throws(Refusal) {
    try enter()
    switch Unicode.Scalar(try next()) {
    case "C": try show(identifier().name)
    case "N":
      let space = try next()
      try path(inValue: inValue)
      try nested(space)
    case "M":
      try skipImplementation()
      try show("<")
      try type()
      try show(">")
    case "X":
      try skipImplementation()
      try qualified()
    case "Y": try qualified()
    case "I":
      try path(inValue: inValue)
      if inValue { try show("::") }
      try show("<")
      try list { (parser: inout RustParser) throws(Refusal) in try parser.argument() }
      try show(">")
    case "B":
      try reread { (parser: inout RustParser) throws(Refusal) in
        try parser.path(inValue: inValue)
      }
    default: throw Refusal()
    }
    depth -= 1
  }

  mutating func nested(_ space: UInt8) throws(Refusal) {
    let (name, number) = try identifier()
    switch Unicode.Scalar(space) {
    case "A"..."Z":
      let kind = space == 0x43 ? "closure" : space == 0x53 ? "shim" : String(Unicode.Scalar(space))
      try show("::{\(kind)\(name.isEmpty ? "" : ":" + name)#\(number)}")
    case "a"..."z": if !name.isEmpty { try show("::" + name) }
    default: throw Refusal()
    }
  }

  /// Where an implementation stands, which nobody writes.
  mutating func skipImplementation() throws(Refusal) {
    _ = try optionalBase62("s")
    let wasShowing = isShowing
    isShowing = false
    try path(inValue: false)
    isShowing = wasShowing
  }

  /// `<Type as Trait>`.
  mutating func qualified() throws(Refusal) {
    try show("<")
    try type()
    try show(" as ")
    try path(inValue: false)
    try show(">")
  }

  /// Items up to an `E`, with commas.
  mutating func list(
    _ item: (inout RustParser) throws(Refusal) -> Void
  ) throws(Refusal) {
    var isFirst = true
    while !take("E") {
      if !isFirst { try show(", ") }
      isFirst = false
      try item(&self)
    }
  }

  mutating func argument() throws(Refusal) {
    if take("L") {
      try lifetime(base62())
    } else if take("K") {
      try constant()
    } else {
      try type()
    }
  }

  mutating func lifetime(_ index: UInt64) throws(Refusal) {
    if index == 0 { return try show("'_") }
    guard index <= bound else { throw Refusal() }
    let number = bound - index
    try show(
      number < 26
        ? "'\(Unicode.Scalar(UInt8(0x61 + number)))" : "'_\(number)")
  }
}
