/// Instructions of ARM as text in which numbers say where branches go.
///
/// For the GNU assembler such a number is a distance there, and an address on x86. Here it is an
/// address on both: each is given a name, which stands for the address when the code is placed. What
/// would be read as a distance all the same is refused.
public struct ARMText: Hashable, Sendable {
  /// The text with names in place of the numbers.
  public private(set) var bytes: [UInt8] = []
  /// What the names stand for.
  public private(set) var symbols: [String: Address] = [:]

  private static let branches: Set<String> = [
    "b", "bl", "cbz", "cbnz", "tbz", "tbnz", "adr", "adrp", "ldr", "ldrsw", "prfm",
  ]

  /// Reads a text, and changes nothing of it but the last operand of branches and of loads from an
  /// address.
  /// - Throws: `AssemblyError` for a target that is neither a number nor a name, and for names of
  ///   numbers.
  public init(_ text: [UInt8]) throws(AssemblyError) {
    var line = 1
    for part in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line > 1 { bytes.append(UInt8(ascii: "\n")) }
      let statements = part.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      for (index, statement) in statements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ";")) }
        bytes += try named(Array(statement), line)
      }
      line += 1
    }
  }

  /// A statement with its target named, where that is a number.
  private mutating func named(_ statement: [UInt8], _ line: Int) throws(AssemblyError) -> [UInt8] {
    let text = String(decoding: statement, as: UTF8.self)
    var words = text.split { Self.isSpace($0) }[...]
    while let label = words.first, label.last == ":" { words.removeFirst() }
    guard let first = words.first else { return statement }
    let start = first.lastIndex(of: ":").map { first.index(after: $0) } ?? first.startIndex
    let mnemonic = first[start...].lowercased()
    let rest = text[first.endIndex...]
    if mnemonic == ".set" || mnemonic == ".equ" || Self.isAssignment(text) {
      throw AssemblyError("on ARM names stand for places, not numbers", line: line)
    }
    guard Self.branches.contains(mnemonic) || mnemonic.hasPrefix("b."), !rest.contains("[") else {
      return statement
    }
    let operand = rest.lastIndex(of: ",").map { rest.index(after: $0) } ?? rest.startIndex
    guard let address = try Self.target(rest[operand...], of: mnemonic, line) else {
      return statement
    }
    let name = "pvm_place_\(String(address.rawValue, radix: 16))"
    symbols[name] = address
    return Array((text[..<operand] + " " + name).utf8)
  }

  /// Whether it is `name = number`.
  private static func isAssignment(_ text: String) -> Bool {
    guard let sign = text.firstIndex(of: "=") else { return false }
    return text[..<sign].split(whereSeparator: isSpace).count { $0.last != ":" } <= 1
  }

  /// The address that an operand is; nil for a name.
  private static func target(
    _ operand: Substring, of mnemonic: String, _ line: Int
  ) throws(AssemblyError) -> Address? {
    let words = operand.split(whereSeparator: isSpace)
    guard let word = words.first, let sign = word.first else { return nil }
    guard sign.isNumber || "#-+(~".contains(sign) else { return nil }
    let isLocal = word.last.map { "bf".contains($0) } == true && UInt64(word.dropLast()) != nil
    if words.count == 1, isLocal { return nil }
    let digits = word.drop { $0 == "#" }
    let value =
      digits.hasPrefix("0x") || digits.hasPrefix("0X")
      ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
    guard let value, words.count == 1 else {
      throw AssemblyError("the target of '\(mnemonic)' is an address or a name", line: line)
    }
    return Address(value)
  }

  private static func isSpace(_ character: Character) -> Bool {
    character == " " || character == "\t" || character == "\r"
  }
}
