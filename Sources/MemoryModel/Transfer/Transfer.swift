/// What the kernel managed to copy, in bytes from the start of the request.
public struct Transfer: Hashable, Sendable {
  /// How many bytes were asked for.
  public let requestedBytes: Int
  /// How many bytes were copied before it stopped.
  public let completedBytes: Int

  /// The outcome of asking for `requestedBytes` and getting `completedBytes`.
  @inlinable public init(requestedBytes: Int, completedBytes: Int) {
    self.requestedBytes = requestedBytes
    self.completedBytes = completedBytes
  }

  /// Whether everything asked for was copied.
  @inlinable public var isComplete: Bool { completedBytes == requestedBytes }
}
