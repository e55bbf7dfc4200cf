public import MemoryModel

/// A write that could be done, as those see it who watch over writes.
public struct ProposedWrite: Sendable {
  /// How many bytes of a long write are shown at most.
  public static let shownBytes = 1 << 20

  /// The process.
  public let process: RemoteProcess
  /// The first byte.
  public let address: Address
  /// How many bytes would be written.
  public let byteCount: Int
  /// What is there, or was pretended to be: the first `shownBytes` bytes.
  public let old: [UInt8]
  /// What would be there, equally many bytes.
  public let new: [UInt8]
  /// What it is for, in a few words such as `patch "no damage"`; nil for a plain write.
  public let purpose: String?

  /// Whether nothing would be different afterwards, as far as the bytes are shown.
  public var changesNothing: Bool { old == new }
}

/// Who is asked and who is told about writes to a process.
public struct WriteOversight: Sendable {
  /// Asked before a write that could be done, on the thread that writes; refuses by throwing. Nil:
  /// nobody is asked.
  public var approve: (@Sendable (ProposedWrite) throws(RemoteMemoryError) -> Void)?
  /// How many writes may still be made, pretended ones too. Nil: any number.
  public var allowance: WriteAllowance?
  /// Told of every write that was pretended, from any thread.
  public var tellOfPretended: (@Sendable (ProposedWrite) -> Void)?
  /// Told once, before the first write that is done, from any thread.
  public var tellOfFirst: (@Sendable (RemoteProcess) -> Void)?

  /// Nobody is asked and nobody is told.
  public init() {}
}
