/// Instructions of ARM as text in which numbers say where branches go.
///
/// For the GNU assembler such a number is a distance there, and an address on x86. It is an address
/// here on both, so each is given a name, which stands for the address when the code is placed.
public struct ARMText: Hashable, Sendable {
  /// The text with names in place of the numbers.
  public private(set) var bytes: [UInt8] = []
  /// What the names stand for.
  public private(set) var symbols: [String: Address] = [:]

  private static let branches: Set<String> = [
    "b", "bl", "cbz", "cbnz", "tbz", "tbnz", "adr", "adrp",
  ]

  /// Reads a text, and changes nothing of it but the last operand of branches, `adr` and `adrp`.
  public init(_ text: [UInt8]) {
    var statement: [UInt8] = []
    for byte in text {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: ";") {
        bytes += named(statement) + [byte]
        statement = []
      } else {
        statement.append(byte)
      }
    }
    bytes += named(statement)
  }

  /// A statement with its target named, where that is a number.
  private mutating func named(_ statement: [UInt8]) -> [UInt8] {
    let text = String(decoding: statement, as: UTF8.self)
    let label = text.lastIndex(of: ":").map { text.index(after: $0) } ?? text.startIndex
    let words = text[label...].split(maxSplits: 1) { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard words.count == 2 else { return statement }
    let mnemonic = words[0].lowercased()
    guard Self.branches.contains(mnemonic) || mnemonic.hasPrefix("b.") else { return statement }
    let operands = words[1]
    let start = operands.lastIndex(of: ",").map { operands.index(after: $0) } ?? operands.startIndex
    guard let address = Self.number(operands[start...]) else { return statement }
    let name = "pvm_place_\(String(address.rawValue, radix: 16))"
    symbols[name] = address
    return Array((text[..<start] + " " + name).utf8)
  }

  /// The address that an operand is; nil where it is no plain number.
  private static func number(_ operand: Substring) -> Address? {
    let words = operand.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard words.count == 1 else { return nil }
    let digits = words[0].drop { $0 == "#" }
    let value =
      digits.hasPrefix("0x") || digits.hasPrefix("0X")
      ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
    return value.map { Address($0) }
  }
}
