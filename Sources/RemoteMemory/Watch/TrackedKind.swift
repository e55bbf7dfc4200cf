public import MemoryModel

/// What lies at tracked places.
public struct TrackedKind: Hashable, Sendable {
  /// The type.
  public let format: ScalarFormat
  /// How the program disguises it.
  public let encoding: StoredEncoding
  let pointerWidth: PointerWidth
  let byteOrder: ByteOrder

  /// The size in bytes.
  public var byteCount: Int { format.byteCount(pointerWidth: pointerWidth) }

  init(_ format: ScalarFormat, _ encoding: StoredEncoding = .none, in source: any MemorySource) {
    self.format = format
    self.encoding = encoding
    pointerWidth = source.pointerWidth
    byteOrder = source.byteOrder
  }

  /// The value that bytes mean.
  /// - Parameter word: the bytes as they lie in memory, the first in the lowest 8 bits.
  func value(_ word: UInt64) -> ScalarValue {
    if !encoding.isNone {
      let isBig = (format.byteOrder ?? byteOrder) == .big
      return encoding.decode(
        isBig ? word.byteSwapped(width: byteCount) : word, as: format, pointerWidth: pointerWidth)
    }
    var little = word.littleEndian
    return unsafe withUnsafeBytes(of: &little) {
      unsafe format.decode($0, pointerWidth: pointerWidth, targetOrder: byteOrder)
    } ?? .integer(0)
  }
}
