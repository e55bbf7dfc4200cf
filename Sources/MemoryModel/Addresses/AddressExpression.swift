/// An address written the way people write one: `libc.so.6+0x12`, `[[game+0x1234]+0x10]+8`.
///
/// Terms are joined by `+` and `-`. A term is a number (`0x1f` or decimal), a name, or an
/// expression in brackets, which stands for the pointer stored there. A name is a module's or a
/// region's (`heap`, `stack`); one with spaces or other signs stands in quotes. The names maps
/// itself puts in brackets, such as `[heap]`, are taken as names, so that what the program prints
/// can be typed again.
///
/// A `-` inside a name belongs to it, as in `ld-linux-x86-64.so.2`, unless only numbers follow:
/// `game-0x10` and `game-16` are a subtraction. `++` belongs to the name too: `libstdc++.so.6+8`.
public struct AddressExpression: Hashable, Sendable {
  /// One summand.
  public struct Term: Hashable, Sendable {
    /// Whether it is subtracted.
    public let isNegative: Bool
    /// What it is.
    public let operand: Operand
    /// Where it starts in the text: the byte's position, counted from 1.
    public let column: Int
  }

  /// What a term stands for.
  public indirect enum Operand: Hashable, Sendable {
    /// A number.
    case number(UInt64)
    /// The start of the module or region with this name.
    case name(String)
    /// The pointer stored at an address.
    case pointer(at: AddressExpression)
  }

  /// How deep brackets may be nested.
  public static let depthLimit = 64
  /// How long the text may be, in bytes.
  public static let lengthLimit = 16_384

  /// The summands in the order written; at least one.
  public let terms: [Term]

  /// The expression made of these terms.
  init(terms: [Term]) { self.terms = terms }

  /// Reads an expression.
  /// - Throws: `AddressSyntaxError` with the column of what does not fit.
  public init(parsing text: String) throws(AddressSyntaxError) {
    var parser = AddressParser(Array(text.utf8))
    self = try parser.wholeText()
  }
}

extension AddressExpression {
  /// Every name in it, each once, in the order they stand.
  public var names: [String] {
    var names: [String] = []
    collectNames(into: &names)
    return names
  }

  /// How many pointers have to be read one after the other; 0 when none is read.
  public var depth: Int {
    terms.reduce(0) { deepest, term in
      guard case .pointer(let inner) = term.operand else { return deepest }
      return max(deepest, inner.depth &+ 1)
    }
  }

  /// Works the address out, innermost brackets first. Sums wrap around as pointers do.
  /// - Parameters:
  ///   - lookUp: gives the start of a module or region; called for each name where it stands.
  ///   - read: gives the pointer stored at an address.
  public func evaluate<Failure: Error>(
    lookUp: (String) throws(Failure) -> Address, read: (Address) throws(Failure) -> Address
  ) throws(Failure) -> Address {
    var sum: UInt64 = 0
    for term in terms {
      let value: UInt64
      switch term.operand {
      case .number(let number): value = number
      case .name(let name): value = try lookUp(name).rawValue
      case .pointer(let inner):
        value = try read(inner.evaluate(lookUp: lookUp, read: read)).rawValue
      }
      sum = term.isNegative ? sum &- value : sum &+ value
    }
    return Address(sum)
  }

  private func collectNames(into names: inout [String]) {
    for term in terms {
      switch term.operand {
      case .number: break
      case .name(let name): if !names.contains(name) { names.append(name) }
      case .pointer(let inner): inner.collectNames(into: &names)
      }
    }
  }
}

extension AddressExpression: CustomStringConvertible {
  /// The expression in its plainest form, which reads back as the same: numbers in hexadecimal,
  /// names quoted where needed.
  public var description: String {
    var text = ""
    for (index, term) in terms.enumerated() {
      if term.isNegative {
        text += "-"
      } else if index > 0 {
        text += "+"
      }
      switch term.operand {
      case .number(let number): text += "0x" + String(number, radix: 16)
      case .name(let name): text += AddressParser.quotedWhereNeeded(name)
      case .pointer(let inner): text += AddressParser.bracketed(inner.description)
      }
    }
    return text
  }
}
