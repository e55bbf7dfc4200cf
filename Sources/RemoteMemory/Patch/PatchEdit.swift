public import MemoryModel

/// One place that a patch changes: where, what has to be there, and what is to be there.
public struct PatchEdit: Hashable, Sendable {
  /// The first byte.
  public let address: Address
  /// What has to be there when the patch is enabled; nil: see `Patch`.
  public let expected: BytePattern?
  /// The new bytes; bits that are not known stay as they are.
  public let replacement: BytePattern

  /// - Parameters:
  ///   - address: the first byte.
  ///   - expected: what has to be there; may be longer or shorter than the replacement.
  ///   - replacement: what is to be there.
  public init(at address: Address, expected: BytePattern? = nil, replacement: BytePattern) {
    self.address = address
    self.expected = expected
    self.replacement = replacement
  }

  /// How many bytes it changes.
  public var byteCount: Int { replacement.count }

  /// The bytes it changes.
  public var range: AddressRange {
    AddressRange(start: address, count: UInt64(replacement.count))
  }

  /// How many bytes it has to look at.
  var lookCount: Int { max(replacement.count, expected?.count ?? 0) }

  /// What is to be there, over what is there; `current` has at least as many bytes.
  func new(over current: [UInt8]) -> [UInt8] {
    replacement.bytes.indices.map { index in
      current[index] & ~replacement.mask[index] | replacement.bytes[index]
    }
  }
}
