/// What a name in an address stands for.
public enum NamedPlace: Hashable, Sendable {
  /// Nothing is called so.
  case none
  /// A mapping with a special name, such as `[heap]`.
  case region(Region)
  /// A mapped file.
  case module(Module)
  /// Several files.
  case ambiguous([Module])

  /// The address the name stands for; nil when it is not one.
  public var start: Address? {
    switch self {
    case .none, .ambiguous: nil
    case .region(let region): region.start
    case .module(let module): module.base
    }
  }
}

extension RegionMap {
  /// What `name` stands for: the first region called `[name]` or, with its brackets, `name`; else
  /// the module `module(named:)` finds.
  public func place(named name: String) -> NamedPlace {
    let bytes = Array(name.utf8)
    let isBracketed = bytes.first == UInt8(ascii: "[")
    let wanted = isBracketed ? bytes : [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]
    if let region = regions.first(where: { $0.nameBytes == wanted }) { return .region(region) }
    switch module(named: name) {
    case .none: return .none
    case .one(let module): return .module(module)
    case .ambiguous(let modules): return .ambiguous(modules)
    }
  }
}
