/// What a filter asks of a mapping's permissions.
///
/// Letters alone ask for at least these, in any order: `rw`, `x`, `rs`, `p` (`s` shared, `p`
/// private). Three or four characters with a `-`, `.` or `?` among them are read position by
/// position, as in maps: a letter must be there, `-` must not, `.` and `?` may; so `r-x` is code
/// that cannot be written and `rw-p` the usual data.
public struct PermissionFilter: Hashable, Sendable {
  /// What must be allowed.
  public let required: Permissions
  /// What must not be allowed.
  public let forbidden: Permissions

  /// The filter that asks for everything in `required` and nothing in `forbidden`.
  public init(required: Permissions, forbidden: Permissions = []) {
    self.required = required
    self.forbidden = forbidden
  }

  /// The filter this text describes, or nil when it describes none.
  public init?(_ text: String) {
    let letters = Array(text.utf8)
    let isPositional = letters.contains { "-.?".utf8.contains($0) }
    let parsed = isPositional ? Self.positional(letters) : Self.letters(letters)
    guard let parsed else { return nil }
    self = parsed
  }

  /// Whether a mapping with these permissions passes.
  public func matches(_ permissions: Permissions) -> Bool {
    permissions.isSuperset(of: required) && permissions.isDisjoint(with: forbidden)
  }

  private static func letters(_ letters: [UInt8]) -> PermissionFilter? {
    var required: Permissions = []
    var forbidden: Permissions = []
    for letter in letters {
      switch letter {
      case UInt8(ascii: "r"): required.insert(.read)
      case UInt8(ascii: "w"): required.insert(.write)
      case UInt8(ascii: "x"): required.insert(.execute)
      case UInt8(ascii: "s"): required.insert(.shared)
      case UInt8(ascii: "p"): forbidden.insert(.shared)
      default: return nil
      }
    }
    guard required.isDisjoint(with: forbidden) else { return nil }
    return PermissionFilter(required: required, forbidden: forbidden)
  }

  private static func positional(_ letters: [UInt8]) -> PermissionFilter? {
    guard letters.count == 3 || letters.count == 4 else { return nil }
    var required: Permissions = []
    var forbidden: Permissions = []
    let places: [(UInt8, Permissions)] = [
      (UInt8(ascii: "r"), .read), (UInt8(ascii: "w"), .write), (UInt8(ascii: "x"), .execute),
    ]
    for (letter, place) in zip(letters, places) {
      switch letter {
      case place.0: required.insert(place.1)
      case UInt8(ascii: "-"): forbidden.insert(place.1)
      case UInt8(ascii: "."), UInt8(ascii: "?"): break
      default: return nil
      }
    }
    guard letters.count == 4 else {
      return PermissionFilter(required: required, forbidden: forbidden)
    }
    switch letters[3] {
    case UInt8(ascii: "s"): required.insert(.shared)
    case UInt8(ascii: "p"): forbidden.insert(.shared)
    case UInt8(ascii: "."), UInt8(ascii: "?"): break
    default: return nil
    }
    return PermissionFilter(required: required, forbidden: forbidden)
  }
}
