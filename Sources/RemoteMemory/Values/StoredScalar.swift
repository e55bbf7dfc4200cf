public import MemoryModel

/// How a scalar lies in the memory of a source, as a program stores it.
public struct StoredScalar: Hashable, Sendable {
  /// Its type.
  public let format: ScalarFormat
  /// How the program disguises it.
  public let encoding: StoredEncoding
  /// How wide pointers are.
  public let pointerWidth: PointerWidth
  /// The order of its bytes.
  public let byteOrder: ByteOrder

  /// A scalar as it lies in a source.
  public init(_ format: ScalarFormat, _ encoding: StoredEncoding, in source: any MemorySource) {
    self.format = format
    self.encoding = encoding
    pointerWidth = source.pointerWidth
    byteOrder = format.byteOrder ?? source.byteOrder
  }

  /// Its size in bytes.
  public var byteCount: Int { format.byteCount(pointerWidth: pointerWidth) }

  /// The bytes that stand for a value.
  /// - Parameters:
  ///   - value: as the program means it.
  ///   - address: where they are to go, for the error.
  /// - Throws: `ERANGE` when the type cannot hold it.
  public func bytes(of value: ScalarValue, at address: Address? = nil) throws(RemoteMemoryError)
    -> [UInt8]
  {
    if encoding.isNone {
      do throws(ScalarRangeError) {
        return try format.encode(value, pointerWidth: pointerWidth, targetOrder: byteOrder)
      } catch {
        throw RemoteMemoryError(.write, .range, address: address, detail: "\(error)")
      }
    }
    let word: UInt64
    do throws(ConditionError) {
      word = try encoding.encode(value, as: format, pointerWidth: pointerWidth)
    } catch {
      throw RemoteMemoryError(.write, .range, address: address, detail: "\(error)")
    }
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    return byteOrder == .big ? bytes.reversed() : bytes
  }

  /// The value that some bytes stand for; those past its size are left out.
  public func value(of bytes: some BidirectionalCollection<UInt8>) -> ScalarValue {
    let own = bytes.prefix(byteCount)
    let word =
      byteOrder == .big
      ? own.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      : own.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return encoding.decode(word, as: format, pointerWidth: pointerWidth)
  }
}
