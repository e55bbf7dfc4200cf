/// A type of C for one kind of machine.
struct CType: Sendable {
  /// What its values are.
  indirect enum Kind: Sendable {
    case void
    case function
    /// A number; characters also say how they form text.
    case number(ScalarFormat, text: TextEncoding?)
    /// A value that is kept as bytes: `long double`, `__int128`.
    case opaque
    /// A pointer; to a struct, whose key it knows.
    case pointer(to: String?)
    /// Elements side by side; nil: as many as there may be.
    case array(CType, count: Int?)
    /// A struct or union, by its key in the scope.
    case record(String)
  }

  var kind: Kind
  var byteCount: Int
  var alignment: Int
  /// The alignment that `aligned(n)` asked for, and so overrules packing.
  var isAligned = false

  /// A number of a format.
  static func number(_ format: ScalarFormat, _ abi: CTargetABI, text: TextEncoding? = nil) -> CType
  {
    let size = format.byteCount(pointerWidth: abi.pointerWidth)
    return CType(
      kind: .number(format, text: text), byteCount: size,
      alignment: size == 8 ? abi.wideAlignment : size)
  }

  static func pointer(to key: String?, _ abi: CTargetABI) -> CType {
    let size = abi.pointerWidth.bytes
    return CType(kind: .pointer(to: key), byteCount: size, alignment: size)
  }

  static func opaque(_ byteCount: Int, _ alignment: Int) -> CType {
    CType(kind: .opaque, byteCount: byteCount, alignment: alignment)
  }

  static let void = CType(kind: .void, byteCount: 1, alignment: 1)
  static let function = CType(kind: .function, byteCount: 1, alignment: 1)

  /// The format of a number that can lend bits to a field.
  var bitFormat: ScalarFormat? {
    guard case .number(let format, _) = kind, format.type != .f32, format.type != .f64 else {
      return nil
    }
    return format
  }
}

/// A struct or a union as far as it was declared.
struct CRecord: Sendable {
  let isUnion: Bool
  /// How it lies in memory; nil until its members are known.
  var body: Body?

  struct Body: Sendable {
    let layout: StructLayout
    let byteCount: Int
    let alignment: Int
  }
}

/// What was declared so far, for one kind of machine.
struct CScope: Sendable {
  /// Types by the names that `typedef` gave them.
  var typedefs: [String: CType] = [:]
  /// Structs and unions by key: `struct entity`, or the name of a typedef for one without a tag.
  var records: [String: CRecord] = [:]
  /// Enums by tag.
  var enums: [String: CType] = [:]
  /// Enumerators, and numbers of `#define`.
  var constants: [String: Int64] = [:]
  /// How many structs without any name there were.
  var anonymousCount = 0
}
