// Types, and constants among them.
extension RustParser {
  mutating func type() throws(Refusal) {
    try enter()
    let letter = try next()
    if let name = Self.basic(letter) {
      try show(name)
    } else {
      switch Unicode.Scalar(letter) {
      case "A":
        try show("[")
        try type()
        try show("; ")
        try constant()
        try show("]")
      case "S":
        try show("[")
        try type()
        try show("]")
      case "T": try tuple()
      case "R", "Q":
        try show("&")
        if take("L") {
          let index = try base62()
          if index != 0 {
            try lifetime(index)
            try show(" ")
          }
        }
        if letter == 0x51 { try show("mut ") }
        try type()
      case "P":
        try show("*const ")
        try type()
      case "O":
        try show("*mut ")
        try type()
      case "F": try inBinder { (parser: inout RustParser) throws(Refusal) in try parser.function() }
      case "D":
        try show("dyn ")
        try inBinder { (parser: inout RustParser) throws(Refusal) in try parser.bounds() }
        guard take("L") else { throw Refusal() }
        let index = try base62()
        if index != 0 {
          try show(" + ")
          try lifetime(index)
        }
      case "B": try reread { (parser: inout RustParser) throws(Refusal) in try parser.type() }
      default:
        place -= 1
        try path(inValue: false)
      }
    }
    depth -= 1
  }

  mutating func tuple() throws(Refusal) {
    try show("(")
    var count = 0
    while !take("E") {
      if count > 0 { try show(", ") }
      count += 1
      try type()
    }
    try show(count == 1 ? ",)" : ")")
  }

  mutating func inBinder(
    _ body: (inout RustParser) throws(Refusal) -> Void
  ) throws(Refusal) {
    let count = try optionalBase62("G")
    guard count <= 64 else { throw Refusal() }
    if count > 0 {
      try show("for<")
      for index in 0..<count {
        bound += 1
        if index > 0 { try show(", ") }
        try lifetime(1)
      }
      try show("> ")
    }
    try body(&self)
    bound -= count
  }

  mutating func function() throws(Refusal) {
    if take("U") { try show("unsafe ") }
    if take("K") {
      let name = take("C") ? "C" : try plainIdentifier()
      try show("extern \"\(String(name.map { $0 == "_" ? "-" : $0 }))\" ")
    }
    try show("fn(")
    try list { (parser: inout RustParser) throws(Refusal) in try parser.type() }
    try show(")")
    if take("u") { return }
    try show(" -> ")
    try type()
  }

  mutating func bounds() throws(Refusal) {
    var isFirst = true
    while !take("E") {
      if !isFirst { try show(" + ") }
      isFirst = false
      var isOpen = try openPath()
      while take("p") {
        try show(isOpen ? ", " : "<")
        isOpen = true
        try show("\(plainIdentifier()) = ")
        try type()
      }
      if isOpen { try show(">") }
    }
  }

  /// A path whose list of arguments, if it has one, stays open for more.
  private mutating func openPath() throws(Refusal) -> Bool {
    if take("B") {
      var isOpen = false
      try reread { (parser: inout RustParser) throws(Refusal) in isOpen = try parser.openPath() }
      return isOpen
    }
    guard take("I") else {
      try path(inValue: false)
      return false
    }
    try path(inValue: false)
    try show("<")
    try list { (parser: inout RustParser) throws(Refusal) in try parser.argument() }
    return true
  }

  mutating func constant() throws(Refusal) {
    try enter()
    let letter = try next()
    if letter == 0x42 {
      try reread { (parser: inout RustParser) throws(Refusal) in try parser.constant() }
    } else if letter == 0x70 {
      try show("_")
    } else {
      let isNegative = take("n")
      var digits = ""
      while !take("_") {
        let byte = try next()
        guard byte &- 0x30 < 10 || byte &- 0x61 < 6, digits.utf8.count < 64 else { throw Refusal() }
        digits.unicodeScalars.append(Unicode.Scalar(byte))
      }
      try show(Self.constant(letter, digits, isNegative))
    }
    depth -= 1
  }

  static func constant(_ type: UInt8, _ digits: String, _ isNegative: Bool) -> String {
    let value = UInt64(digits.isEmpty ? "0" : digits, radix: 16)
    if type == 0x62 { return value == 0 ? "false" : "true" }
    if type == 0x63, let value, let code = UInt32(exactly: value), code >= 0x20,
      let scalar = Unicode.Scalar(code)
    {
      return "'\(Character(scalar))'"
    }
    return (isNegative ? "-" : "") + (value.map { "\($0)" } ?? "0x" + digits)
  }

  static func basic(_ letter: UInt8) -> String? {
    switch Unicode.Scalar(letter) {
    case "a": "i8"
    case "b": "bool"
    case "c": "char"
    case "d": "f64"
    case "e": "str"
    case "f": "f32"
    case "h": "u8"
    case "i": "isize"
    case "j": "usize"
    case "l": "i32"
    case "m": "u32"
    case "n": "i128"
    case "o": "u128"
    case "p": "_"
    case "s": "i16"
    case "t": "u16"
    case "u": "()"
    case "v": "..."
    case "x": "i64"
    case "y": "u64"
    case "z": "!"
    default: nil
    }
  }
}
