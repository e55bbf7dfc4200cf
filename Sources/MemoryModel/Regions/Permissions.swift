/// What the target itself may do with a mapping, as proc_pid_maps(5) shows it.
public struct Permissions: OptionSet, Hashable, Sendable {
  /// One bit for each permission.
  public let rawValue: UInt8

  /// The permissions with these bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `r`: the target may read it.
  public static let read = Permissions(rawValue: 1)
  /// `w`: the target may write it.
  public static let write = Permissions(rawValue: 2)
  /// `x`: the target may run it.
  public static let execute = Permissions(rawValue: 4)
  /// `s`: writes are seen by everyone who maps the same object; without it the mapping is private,
  /// `p`.
  public static let shared = Permissions(rawValue: 8)

  /// Reads the four characters of a maps line, such as `rw-p`; nil for anything else.
  public init?(_ text: String) {
    let letters = Array(text.utf8)
    guard letters.count == 4 else { return nil }
    self.init(letters[0], letters[1], letters[2], letters[3])
  }

  /// Reads four characters given one by one; nil when one of them is not what stands in its place.
  init?(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
    var bits: UInt8 = 0
    switch first {
    case UInt8(ascii: "r"): bits |= 1
    case UInt8(ascii: "-"): break
    default: return nil
    }
    switch second {
    case UInt8(ascii: "w"): bits |= 2
    case UInt8(ascii: "-"): break
    default: return nil
    }
    switch third {
    case UInt8(ascii: "x"): bits |= 4
    case UInt8(ascii: "-"): break
    default: return nil
    }
    switch fourth {
    case UInt8(ascii: "s"): bits |= 8
    case UInt8(ascii: "p"): break
    default: return nil
    }
    self.init(rawValue: bits)
  }
}

extension Permissions: CustomStringConvertible {
  /// The four characters of a maps line: `rw-p`.
  public var description: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-")
      + (contains(.execute) ? "x" : "-") + (contains(.shared) ? "s" : "p")
  }
}
