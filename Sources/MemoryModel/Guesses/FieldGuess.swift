/// What a field of an unknown struct seems to be.
public struct FieldGuess: Hashable, Sendable {
  /// The kind of thing.
  public enum Kind: String, Hashable, Sendable {
    /// A pointer to data.
    case pointer
    /// A pointer to a text.
    case textPointer = "pointer to text"
    /// A pointer to code.
    case code = "pointer to code"
    /// A pointer to a table of pointers to code: the class of a C++ object.
    case vtable
    /// Text.
    case text
    /// A real number.
    case real
    /// A whole number.
    case integer
    /// Nothing but zeros.
    case zero
    /// None of these.
    case unknown
  }

  /// Where it starts, in bytes.
  public let offset: Int
  /// Its size in bytes.
  public let byteCount: Int
  /// What it would be in a layout.
  public let element: StructLayout.Element
  /// What kind of thing it seems to be.
  public let kind: Kind
  /// How sure that is, from 0 to 1.
  public let confidence: Double
  /// What a pointer of the first struct leads to, in words; empty for anything else.
  public let note: String
  /// What the field holds in each struct.
  public let values: [StructValue]

  /// Whether several structs hold the same there; nil for a single one.
  public var isConstant: Bool? {
    values.count < 2 ? nil : values.dropFirst().allSatisfy { $0 == values[0] }
  }

  /// A name for a field of this kind: `f32_10`, `ptr_18`.
  public var name: String {
    let digits = String(offset, radix: 16)
    let place = digits.count < 2 ? "0" + digits : digits
    let word: String =
      switch kind {
      case .pointer, .textPointer: "ptr"
      case .code: "code"
      case .vtable: "vtable"
      case .text: "text"
      case .zero: "zero"
      case .real, .integer, .unknown:
        if case .scalar(let format) = element { format.name } else { "bytes" }
      }
    return word + "_" + place
  }
}

/// What is known of a pointer's target.
public struct PointerFacts: Hashable, Sendable {
  /// What kind of target it is: `.pointer`, `.textPointer`, `.code` or `.vtable`.
  public let kind: FieldGuess.Kind
  /// The target in words: `[heap]+0x40`, `"sword"`, `libgame.so!vtable for Hero`.
  public let note: String

  /// Facts about a target.
  public init(_ kind: FieldGuess.Kind, _ note: String) {
    self.kind = kind
    self.note = note
  }
}
