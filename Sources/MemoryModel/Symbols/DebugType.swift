/// A type as the debug information of a program describes it, for the target's own machine.
public indirect enum DebugType: Hashable, Sendable {
  /// A number, a truth value or an address that points to nothing known.
  case scalar(ScalarFormat)
  /// The address of a record, by its name; nil where it has none.
  case pointer(to: String?)
  /// A struct, class or union.
  case record(DebugRecord)
  /// Elements side by side, so many bytes from one to the next.
  case array(DebugType, count: Int, stride: Int)
  /// Bytes of which no more is known.
  case bytes(Int)

  /// The size in bytes in a target with pointers of this width.
  public func byteCount(pointerWidth: PointerWidth) -> Int {
    switch self {
    case .scalar(let format): format.byteCount(pointerWidth: pointerWidth)
    case .pointer: pointerWidth.bytes
    case .record(let record): record.byteCount
    case .array(_, let count, let stride): count &* stride
    case .bytes(let count): count
    }
  }
}

/// A struct, class or union.
public struct DebugRecord: Hashable, Sendable {
  /// One member.
  public struct Member: Hashable, Sendable {
    /// Its name; nil for a base class, and for a struct within a struct without a name.
    public let name: String?
    /// Where it begins, in bytes from the start of the record.
    public let offset: Int
    /// What it is.
    public let type: DebugType
    /// Of a bit field: the first bit, counted from the least significant one of the byte at `offset`,
    /// and how many there are.
    public let bits: BitRange?

    /// A member.
    public init(name: String?, offset: Int, type: DebugType, bits: BitRange? = nil) {
      self.name = name
      self.offset = offset
      self.type = type
      self.bits = bits
    }
  }

  /// Some bits of a number.
  public struct BitRange: Hashable, Sendable {
    /// The first one.
    public let first: Int
    /// How many.
    public let count: Int

    /// These bits.
    public init(first: Int, count: Int) {
      self.first = first
      self.count = count
    }
  }

  /// Its name with those of what it is in: `game::Hero`; nil for none.
  public let name: String?
  /// Its size in bytes.
  public let byteCount: Int
  /// Whether its members lie over each other.
  public let isUnion: Bool
  /// Its members, in the order of the source.
  public let members: [Member]

  /// A record.
  public init(name: String?, byteCount: Int, isUnion: Bool, members: [Member]) {
    self.name = name
    self.byteCount = byteCount
    self.isUnion = isUnion
    self.members = members
  }

  /// A member by its name, those of base classes and of structs without a name too; its offset counts
  /// from the start of this record.
  public func member(named name: String) -> Member? {
    if let own = members.first(where: { $0.name == name }) { return own }
    for member in members where member.name == nil {
      guard case .record(let inner) = member.type, let found = inner.member(named: name) else {
        continue
      }
      return Member(
        name: found.name, offset: member.offset &+ found.offset, type: found.type, bits: found.bits)
    }
    return nil
  }

  /// The names of all members, those of base classes and of structs without a name too.
  public var memberNames: [String] {
    members.flatMap { member -> [String] in
      if let name = member.name { return [name] }
      if case .record(let inner) = member.type { return inner.memberNames }
      return []
    }
  }
}

/// A line of a source file.
public struct SourceLine: Hashable, Sendable {
  /// The path of the file as the compiler was told, printable.
  public let file: String
  /// The line, from 1.
  public let line: Int

  /// A line.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `src/hero.c:12`.
  public var text: String { "\(file):\(line)" }
}
