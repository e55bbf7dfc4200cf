/// Declarations of C, read for the machines of Linux: structs, unions, enums and typedefs.
///
/// Later texts know what earlier ones declared, and may declare it anew.
public struct CDeclarations: Sendable {
  /// What a text declared.
  public struct Outcome: Sendable {
    /// The structs and unions it gave the members of, and its names for structs, in order: the name
    /// as a script uses it (`entity` for `struct entity`), and the type.
    public let types: [(name: String, type: StructType)]
    /// Its enumerators and numbers of `#define`, in order.
    public let constants: [(name: String, value: Int64)]
  }

  /// Every struct that is known, for pointers to it.
  public private(set) var catalog = TypeCatalog()
  private var wide = CScope()
  private var narrow = CScope()

  /// Nothing declared yet.
  public init() {}

  /// Reads a text for one width of pointers, or for both.
  /// - Throws: `CSyntaxError` with the place of what cannot be understood; nothing is declared then.
  public mutating func parse(
    _ text: String, for width: PointerWidth? = nil
  ) throws(CSyntaxError) -> Outcome {
    var parsers: [PointerWidth: CParser] = [:]
    for abi in [CTargetABI.wide, .narrow] where width == nil || width == abi.pointerWidth {
      var parser = try CParser(text, abi, abi == .wide ? wide : narrow)
      try parser.parse()
      parsers[abi.pointerWidth] = parser
    }
    guard let leader = parsers[.eight] ?? parsers[.four] else {
      return Outcome(types: [], constants: [])
    }
    wide = parsers[.eight]?.scope ?? wide
    narrow = parsers[.four]?.scope ?? narrow
    for key in leader.defined { catalog.add(type(key, parsers)) }
    return Outcome(
      types: Self.names(leader).map { ($0, type($1, parsers)) },
      constants: leader.counted.map { ($0, leader.scope.constants[$0] ?? 0) })
  }

  /// Makes a type known by its name.
  public mutating func add(_ type: StructType) { catalog.add(type) }

  private func type(_ key: String, _ parsers: [PointerWidth: CParser]) -> StructType {
    StructType(
      name: key, narrow: parsers[.four]?.scope.records[key]?.body?.layout,
      wide: parsers[.eight]?.scope.records[key]?.body?.layout)
  }

  /// The names that scripts use, with their keys: tags first, then names of typedefs.
  private static func names(_ parser: CParser) -> [(name: String, key: String)] {
    var names: [(String, String)] = []
    var taken: Set<String> = []
    for key in parser.defined where parser.scope.hasTag(key) {
      let name = key.split(separator: " ").last.map(String.init) ?? key
      if taken.insert(name).inserted { names.append((name, key)) }
    }
    for name in parser.named {
      guard case .record(let key)? = parser.scope.typedefs[name]?.kind,
        parser.scope.records[key]?.body != nil, taken.insert(name).inserted
      else { continue }
      names.append((name, key))
    }
    return names
  }
}
