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
    guard let count = field.count else { return element(field.element, place, at: start) }
    return .list(
      (0..<count).map { element(field.element, place, at: start &+ $0 &* place.stride) })
  }

  private func element(
    _ element: StructLayout.Element, _ place: StructLayout.Placed, at start: Int
  ) -> StructValue {
    switch element {
    case .scalar(let format):
      let value = format.decode(
        bytes, at: start, pointerWidth: pointerWidth, targetOrder: targetOrder)
      return .scalar(value ?? .integer(0))
    case .bytes: return .bytes(slice(start, place.elementByteCount))
    case .text(let encoding, _):
      var raw = slice(start, place.elementByteCount)
      if let end = encoding.terminatorIndex(in: raw) { raw.removeSubrange(end...) }
      return .bytes(encoding.decode(raw))
    case .nested(let layout): return record(layout, at: start)
    }
  }

  private func slice(_ start: Int, _ count: Int) -> [UInt8] {
    let range = (start..<(start &+ count)).clamped(to: 0..<bytes.count)
    return Array(bytes[range])
  }
}
