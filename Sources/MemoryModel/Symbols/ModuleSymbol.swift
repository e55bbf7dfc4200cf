/// A named place of a program or library, by the file's own addresses.
public struct ModuleSymbol: Hashable, Sendable {
  /// What lies there.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Code.
    case function
    /// A variable or constant.
    case data
    /// A function that returns the one that is called in its place (`STT_GNU_IFUNC`).
    case indirect
    /// A variable of which each thread has its own; its address is an offset.
    case threadLocal = "thread"
    /// A place in the text of an assembler, or of a kind that the file does not tell.
    case label
  }

  /// Who may use it.
  public enum Binding: String, Hashable, Sendable, CaseIterable {
    /// Every module.
    case global
    /// Every module that knows no other of the name.
    case weak
    /// The module alone.
    case local
  }

  /// Its name as the file has it, without a version.
  public let nameBytes: [UInt8]
  /// The version that the name has, such as `GLIBC_2.14`; nil for none.
  public let version: String?
  /// Whether the name alone means this one; false for an old version, kept for old programs.
  public let isDefault: Bool
  /// Where it lies, by the file's own addresses.
  public let address: UInt64
  /// How many bytes it has; 0 where the file does not tell.
  public let byteCount: UInt64
  /// What it is.
  public let kind: Kind
  /// Who may use it.
  public let binding: Binding

  /// Its name, printable.
  public var name: String { printable(nameBytes) }
}
