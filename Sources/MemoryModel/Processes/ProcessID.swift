/// The number by which the kernel knows a process or one of its threads.
///
/// Any number can be held; only those above 0 name a process.
public struct ProcessID: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number itself.
  public let rawValue: Int32

  /// The process with this number.
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The process with this number.
  @inlinable public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// Processes compare by number.
  @inlinable public static func < (left: ProcessID, right: ProcessID) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension ProcessID: CustomStringConvertible {
  /// The number in decimal.
  public var description: String { String(rawValue) }
}
