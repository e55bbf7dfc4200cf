/// How one mapping is not what it was.
public struct RegionChange: Hashable, Sendable {
  /// What has happened to it.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// It was not there before.
    case appeared
    /// It is no longer there.
    case vanished
    /// It has got larger.
    case grew
    /// It has got smaller.
    case shrank
    /// It is at another address.
    case moved
    /// The target may do other things with it than before.
    case permissions
  }

  /// What has happened.
  public let kind: Kind
  /// The mapping as it was; nil for one that appeared.
  public let before: Region?
  /// The mapping as it is; nil for one that vanished.
  public let after: Region?
  /// The bytes that it is about: those that came, went, or have other permissions; of what moved,
  /// where it is.
  public let range: AddressRange

  /// A change of a mapping.
  public init(_ kind: Kind, before: Region?, after: Region?, range: AddressRange) {
    self.kind = kind
    self.before = before
    self.after = after
    self.range = range
  }
}

extension RegionChange: CustomStringConvertible {
  /// `grew by 4.0 KiB: 0x1000-0x3000 rw-p [heap]`.
  public var description: String {
    let size = range.count.sizeText
    switch kind {
    case .appeared: return "appeared, \(size): \(text(after))"
    case .vanished: return "vanished, \(size): \(text(before))"
    case .grew: return "grew by \(size): \(text(after))"
    case .shrank: return "shrank by \(size): \(text(after))"
    case .moved:
      return "moved from \(before.map { "\($0.start)" } ?? "?"): \(text(after))"
    case .permissions:
      return "permissions \(before.map { "\($0.permissions)" } ?? "?") -> "
        + "\(after.map { "\($0.permissions)" } ?? "?") at \(range): \(text(after))"
    }
  }

  private func text(_ region: Region?) -> String { region.map { "\($0)" } ?? "?" }
}
