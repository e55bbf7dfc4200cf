extension StructLayout {
  /// Bytes to be written at one place of a struct.
  public struct Piece: Hashable, Sendable {
    /// Where they start, in bytes from the start of the struct.
    public let offset: Int
    /// The bytes.
    public let bytes: [UInt8]

    /// These bytes at this offset.
    public init(offset: Int, bytes: [UInt8]) {
      self.offset = offset
      self.bytes = bytes
    }
  }

  /// The bytes that write `value`, and nothing of the fields it leaves out.
  ///
  /// A list may be shorter than its array, then only its elements are written. Text is written with
  /// a terminator, and zeros up to the end of its buffer, as far as there is room; text that fills
  /// the buffer is allowed and has none. Bytes must have the size of the field.
  /// - Parameters:
  ///   - value: a record.
  ///   - pointerWidth: the target's.
  ///   - targetOrder: the target's byte order; default little.
  /// - Returns: the pieces sorted by offset, those that touch or overlap joined; where fields
  ///   overlap the later one counts.
  /// - Throws: `StructLayoutError` with the way to the field that does not fit.
  public func encode(
    _ value: StructValue, pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) throws(StructLayoutError) -> [Piece] {
    var writer = StructWriter(pointerWidth: pointerWidth, targetOrder: targetOrder)
    try writer.record(self, value, at: 0)
    return writer.joinedPieces()
  }
}

/// Collects the bytes of the parts of a struct.
private struct StructWriter {
  let pointerWidth: PointerWidth
  let targetOrder: ByteOrder
  private var pieces: [StructLayout.Piece] = []

  init(pointerWidth: PointerWidth, targetOrder: ByteOrder) {
    self.pointerWidth = pointerWidth
    self.targetOrder = targetOrder
  }

  mutating func record(
    _ layout: StructLayout, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    guard case .record(let members) = value else {
      throw StructLayoutError(path: [], problem: "a table of fields is expected")
    }
    let placed = layout.shape(pointerWidth).placed
    let indices = Dictionary(uniqueKeysWithValues: zip(layout.fields.map(\.key), placed.indices))
    for member in members {
      do throws(StructLayoutError) {
        guard let index = indices[member.key] else {
          throw StructLayoutError(path: [], problem: "the layout has no such field")
        }
        let place = placed[index]
        try content(layout.fields[index], place, member.value, at: start &+ place.offset)
      } catch {
        throw error.inside(member.key)
      }
    }
  }

  private mutating func content(
    _ field: StructLayout.Field, _ place: StructLayout.Placed, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    guard let count = field.count else {
      return try element(field.element, place, value, at: start)
    }
    guard case .list(let values) = value else {
      throw StructLayoutError(path: [], problem: "a list is expected")
    }
    guard values.count <= count else {
      throw StructLayoutError(
        path: [], problem: "the list has \(values.count) elements, the field \(count)")
    }
    for (index, value) in values.enumerated() {
      do throws(StructLayoutError) {
        try element(field.element, place, value, at: start &+ index &* place.stride)
      } catch {
        throw error.inside(.index(index &+ 1))
      }
    }
  }

  private mutating func element(
    _ element: StructLayout.Element, _ place: StructLayout.Placed, _ value: StructValue,
    at start: Int
  ) throws(StructLayoutError) {
    switch element {
    case .scalar(let format): try scalar(format, value, at: start)
    case .bytes(let count):
      guard case .bytes(let bytes) = value, bytes.count == count else {
        throw StructLayoutError(path: [], problem: "a string of \(count) bytes is expected")
      }
      pieces.append(.init(offset: start, bytes: bytes))
    case .text(let encoding, let count): try text(encoding, count, value, at: start)
    case .nested(let layout): try record(layout, value, at: start)
    }
  }

  private mutating func scalar(
    _ format: ScalarFormat, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    guard case .scalar(let value) = value else {
      throw StructLayoutError(path: [], problem: "a value of type \(format) is expected")
    }
    do throws(ScalarRangeError) {
      let bytes = try format.encode(value, pointerWidth: pointerWidth, targetOrder: targetOrder)
      pieces.append(.init(offset: start, bytes: bytes))
    } catch {
      throw StructLayoutError(path: [], problem: error.description)
    }
  }

  private mutating func text(
    _ encoding: TextEncoding, _ count: Int, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    guard case .bytes(let text) = value else {
      throw StructLayoutError(path: [], problem: "a string is expected")
    }
    var bytes: [UInt8]
    do throws(TextEncodingError) {
      bytes = try encoding.encode(text)
    } catch {
      throw StructLayoutError(path: [], problem: error.description)
    }
    guard bytes.count <= count else {
      throw StructLayoutError(
        path: [], problem: "the text takes \(bytes.count) bytes, the field has \(count)")
    }
    bytes.append(contentsOf: repeatElement(0, count: count &- bytes.count))
    pieces.append(.init(offset: start, bytes: bytes))
  }

  /// The pieces in order of offset, each run of touching ones as a single piece.
  func joinedPieces() -> [StructLayout.Piece] {
    let order = pieces.indices.sorted {
      (pieces[$0].offset, $0) < (pieces[$1].offset, $1)
    }
    var joined: [StructLayout.Piece] = []
    var run: [Int] = []
    var end = 0
    for index in order {
      if !run.isEmpty, pieces[index].offset > end {
        joined.append(join(run, end))
        run = []
      }
      run.append(index)
      end = max(run.count == 1 ? 0 : end, pieces[index].offset &+ pieces[index].bytes.count)
    }
    if !run.isEmpty { joined.append(join(run, end)) }
    return joined
  }

  /// One piece from a run that ends at `end`; the pieces given later lie over the earlier ones.
  private func join(_ run: [Int], _ end: Int) -> StructLayout.Piece {
    let start = pieces[run[0]].offset
    if run.count == 1 { return pieces[run[0]] }
    var bytes = [UInt8](repeating: 0, count: end &- start)
    for index in run.sorted() {
      let first = pieces[index].offset &- start
      bytes.replaceSubrange(first..<(first &+ pieces[index].bytes.count), with: pieces[index].bytes)
    }
    return StructLayout.Piece(offset: start, bytes: bytes)
  }
}
