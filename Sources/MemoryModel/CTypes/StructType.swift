/// A struct with a name: how it lies in memory on 32- and on 64-bit machines, which may differ.
public struct StructType: Hashable, Sendable {
  /// What it is called: `struct entity`, `entity`.
  public let name: String
  private let narrow: StructLayout?
  private let wide: StructLayout?

  /// A type with the same layout everywhere, but for the width of pointers.
  public init(name: String, layout: StructLayout) {
    self.init(name: name, narrow: layout, wide: layout)
  }

  /// A type with a layout for each width of pointers; nil where it is not known.
  public init(name: String, narrow: StructLayout?, wide: StructLayout?) {
    self.name = name
    self.narrow = narrow
    self.wide = wide
  }

  /// How it lies in memory; nil where that is not known.
  public func layout(pointerWidth: PointerWidth) -> StructLayout? {
    pointerWidth == .four ? narrow : wide
  }
}

/// Types by name, so that a pointer can tell what it points at.
public struct TypeCatalog: Sendable {
  private var types: [String: StructType] = [:]

  /// A catalog of these types.
  public init(_ types: [StructType] = []) {
    for type in types { add(type) }
  }

  /// Adds a type; one of the same name is replaced.
  public mutating func add(_ type: StructType) { types[type.name] = type }

  /// Adds all types of another catalog, which replace those of the same name.
  public mutating func add(_ other: TypeCatalog) {
    types.merge(other.types) { _, new in new }
  }

  /// The type with this name; `entity` finds `struct entity` and `union entity` too.
  public func type(named name: String) -> StructType? {
    types[name] ?? types["struct " + name] ?? types["union " + name]
  }

  /// All names, sorted.
  public var names: [String] { types.keys.sorted() }
}
