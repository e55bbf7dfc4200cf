extension StructLayout {
  /// Reads a whole struct from the start of `bytes`.
  /// - Parameters:
  ///   - bytes: the memory of the struct, of any alignment; more than its size is not looked at.
  ///   - pointerWidth: the target's.
  ///   - targetOrder: the target's byte order; default little.
  /// - Returns: a record with every field in the order of the layout, or nil when `bytes` is
  ///   shorter than the struct.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) -> StructValue? {
    guard bytes.count >= byteCount(pointerWidth: pointerWidth) else { return nil }
    let reader = StructReader(bytes: bytes, pointerWidth: pointerWidth, targetOrder: targetOrder)
    return reader.record(self, at: 0)
  }

  /// Reads a whole struct from an array, as the other `decode` does.
  public func decode(
    _ bytes: [UInt8], pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) -> StructValue? {
    bytes.withUnsafeBytes { decode($0, pointerWidth: pointerWidth, targetOrder: targetOrder) }
  }
}

extension StructLayout.Element {
  /// Reads what lies at the start of `bytes`.
  /// - Returns: nil when `bytes` is shorter than it.
  public func decode(
    _ bytes: UnsafeRawBufferPointer, pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) -> StructValue? {
    guard bytes.count >= byteCount(pointerWidth) else { return nil }
    let reader = StructReader(bytes: bytes, pointerWidth: pointerWidth, targetOrder: targetOrder)
    return reader.element(self, at: 0)
  }
}

/// Reads the parts of a struct from bytes that hold all of it.
private struct StructReader {
  let bytes: UnsafeRawBufferPointer
  let pointerWidth: PointerWidth
  let targetOrder: ByteOrder

  func record(_ layout: StructLayout, at start: Int) -> StructValue {
    let placed = layout.shape(pointerWidth).placed
    return .record(
      zip(layout.fields, placed).map { field, place in
        .init(key: field.key, value: content(field, place, at: start &+ place.offset))
      })
  }

  private func content(
    _ field: StructLayout.Field, _ place: StructLayout.Placed, at start: Int
  ) -> StructValue {
    guard let count = field.count else { return element(place.element, at: start) }
    return list(place.element, count, place.stride, at: start)
  }

  private func list(
    _ element: StructLayout.Element, _ count: Int, _ stride: Int, at start: Int
  ) -> StructValue {
    .list((0..<count).map { self.element(element, at: start &+ $0 &* stride) })
  }

  func element(_ element: StructLayout.Element, at start: Int) -> StructValue {
    switch element {
    case .scalar(let format): return .scalar(scalar(format, at: start))
    case .pointer: return .scalar(scalar(ScalarFormat(.ptr), at: start))
    case .bits(let field): return .scalar(bits(field, at: start))
    case .bytes(let count): return .bytes(slice(start, count))
    case .text(let encoding, let count):
      var raw = slice(start, count)
      if let end = encoding.terminatorIndex(in: raw) { raw.removeSubrange(end...) }
      return .bytes(encoding.decode(raw))
    case .nested(let layout): return record(layout, at: start)
    case .array(let inner, let count, _):
      return list(inner, count, element.stride(pointerWidth), at: start)
    }
  }

  private func scalar(_ format: ScalarFormat, at start: Int) -> ScalarValue {
    format.decode(bytes, at: start, pointerWidth: pointerWidth, targetOrder: targetOrder)
      ?? .integer(0)
  }

  private func bits(_ field: StructLayout.BitField, at start: Int) -> ScalarValue {
    let raw = slice(start, field.byteCount)
    let word = BitWord(raw, targetOrder).value(of: field)
    switch field.format.type {
    case .bool: return .boolean(word != 0)
    case .u64: return .unsigned(word)
    case .i8, .i16, .i32, .i64:
      let free = UInt64(64 &- field.count)
      return .integer(Int64(bitPattern: word << free) >> Int64(free))
    default: return .integer(Int64(bitPattern: word))
    }
  }

  private func slice(_ start: Int, _ count: Int) -> [UInt8] {
    let range = (start..<(start &+ count)).clamped(to: 0..<bytes.count)
    return Array(bytes[range])
  }
}

/// At most 9 bytes as one number, to take bits out or put them in.
struct BitWord {
  private(set) var word: UInt128 = 0
  private let byteCount: Int
  private let order: ByteOrder

  init(_ bytes: [UInt8], _ order: ByteOrder) {
    self.order = order
    byteCount = min(bytes.count, 9)
    for byte in (order == .little ? bytes.prefix(9).reversed() : Array(bytes.prefix(9))) {
      word = word << 8 | UInt128(byte)
    }
  }

  /// How far the least significant bit of a field is from that of the word.
  private func shift(of field: StructLayout.BitField) -> Int {
    let first = field.first ?? 0
    return order == .little ? first : max(0, 8 &* byteCount &- first &- field.count)
  }

  /// The bits of a field as a number without sign.
  func value(of field: StructLayout.BitField) -> UInt64 {
    UInt64(truncatingIfNeeded: word >> UInt128(shift(of: field))) & Self.mask(field.count)
  }

  /// Puts a number in the place of a field.
  mutating func put(_ value: UInt64, in field: StructLayout.BitField) {
    word |= UInt128(value & Self.mask(field.count)) << UInt128(shift(of: field))
  }

  /// The bytes, in the order of the target.
  var bytes: [UInt8] {
    let low = (0..<byteCount).map { UInt8(truncatingIfNeeded: word >> UInt128(8 &* $0)) }
    return order == .little ? low : low.reversed()
  }

  private static func mask(_ count: Int) -> UInt64 {
    count >= 64 ? .max : (1 << UInt64(max(count, 0))) &- 1
  }
}
