/// How a host asks a long operation to stop: the operation calls it once a block.
public struct InterruptCheck: Sendable {
  private let check: (@Sendable () -> Bool)?

  /// A check by a closure, which answers true when the operation is to stop. It must be quick.
  public init(_ check: @escaping @Sendable () -> Bool) { self.check = check }

  private init() { check = nil }

  /// Never asks to stop.
  public static let never = InterruptCheck()

  /// Whether to stop now.
  public var isInterrupted: Bool { check?() ?? false }
}
