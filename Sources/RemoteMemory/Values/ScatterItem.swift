public import MemoryModel

/// One of many places to be read or written together.
public struct ScatterItem: Hashable, Sendable {
  /// What lies at a place.
  public enum Element: Hashable, Sendable {
    /// One value.
    case scalar(ScalarFormat)
    /// `count` values side by side.
    case array(ScalarFormat, count: Int)
    /// Raw bytes.
    case bytes(count: Int)
    /// Text in a field of `byteCount` bytes, which ends at a zero unit or with the field.
    case text(TextEncoding, byteCount: Int)
  }

  /// Where it lies.
  public let address: Address
  /// What it is.
  public let element: Element

  /// An item of a kind at a place.
  public init(address: Address, element: Element) {
    self.address = address
    self.element = element
  }

  /// Its size in bytes; nil when that is negative or more than 1 GiB.
  func byteCount(pointerWidth: PointerWidth) -> Int? {
    let count: Int
    switch element {
    case .scalar(let format): return format.byteCount(pointerWidth: pointerWidth)
    case .array(let format, let elements):
      let (bytes, overflow) = elements.multipliedReportingOverflow(
        by: format.byteCount(pointerWidth: pointerWidth))
      count = overflow ? -1 : bytes
    case .bytes(let bytes), .text(_, let bytes): count = bytes
    }
    return (0...TransferLimits.longestResult).contains(count) ? count : nil
  }
}

/// What became of one item.
public enum ScatterOutcome: Sendable {
  /// One value.
  case scalar(ScalarValue)
  /// Several values.
  case array(ScalarArray)
  /// Raw bytes.
  case bytes([UInt8])
  /// Text in UTF-8.
  case text(RemoteString)
  /// It could not be read, or written, whole.
  case failure(RemoteMemoryError)
}
