/// A declaration and the class it belongs to, as what a value of Lua can be known to be.
public struct ManualPlace {
  public let declaration: Declaration
  /// nil for a function of the module.
  public let owner: ClassDeclaration?
  /// The module's name.
  public let module: String

  /// `process:read(address, count [, options]) -> string`.
  public var signature: String { entry.signature }
  /// `process.read`, as `help` looks it up.
  public var name: String { entry.name }
  /// `process:read`.
  public var spelling: String { entry.spelling }

  var entry: ManualEntry { ManualEntry(declaration, of: owner, in: module) }
}
