extension StructLayout {
  /// Bytes to be written at one place of a struct.
  public struct Piece: Hashable, Sendable {
    /// Where they start, in bytes from the start of the struct.
    public let offset: Int
    /// The bytes.
    public let bytes: [UInt8]
    /// Which of their bits are meant, where a field has only some: the others are to stay as they
    /// are. Nil: all.
    public let mask: [UInt8]?

    /// These bytes at this offset.
    public init(offset: Int, bytes: [UInt8], mask: [UInt8]? = nil) {
      self.offset = offset
      self.bytes = bytes
      self.mask = mask
    }

    /// The bytes to write over `old`, which are as many: its bits that are not meant are kept.
    public func bytes(over old: [UInt8]) -> [UInt8] {
      guard let mask else { return bytes }
      return bytes.indices.map { bytes[$0] & mask[$0] | old[$0] & ~mask[$0] }
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

extension StructLayout.Element {
  /// The bytes that write `value` in the place of this element, as those of a struct are made.
  public func encode(
    _ value: StructValue, pointerWidth: PointerWidth, targetOrder: ByteOrder = .little
  ) throws(StructLayoutError) -> [StructLayout.Piece] {
    var writer = StructWriter(pointerWidth: pointerWidth, targetOrder: targetOrder)
    try writer.element(self, value, at: 0)
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
    guard let count = field.count else { return try element(place.element, value, at: start) }
    try list(place.element, count, place.stride, value, at: start)
  }

  private mutating func list(
    _ element: StructLayout.Element, _ count: Int, _ stride: Int, _ value: StructValue,
    at start: Int
  ) throws(StructLayoutError) {
    guard case .list(let values) = value else {
      throw StructLayoutError(path: [], problem: "a list is expected")
    }
    guard values.count <= count else {
      throw StructLayoutError(
        path: [], problem: "the list has \(values.count) elements, the field \(count)")
    }
    for (index, value) in values.enumerated() {
      do throws(StructLayoutError) {
        try self.element(element, value, at: start &+ index &* stride)
      } catch {
        throw error.inside(.index(index &+ 1))
      }
    }
  }

  mutating func element(
    _ element: StructLayout.Element, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    switch element {
    case .scalar(let format): try scalar(format, value, at: start)
    case .pointer: try scalar(ScalarFormat(.ptr), value, at: start)
    case .bits(let field): try bits(field, value, at: start)
    case .bytes(let count):
      guard case .bytes(let bytes) = value, bytes.count == count else {
        throw StructLayoutError(path: [], problem: "a string of \(count) bytes is expected")
      }
      pieces.append(.init(offset: start, bytes: bytes))
    case .text(let encoding, let count): try text(encoding, count, value, at: start)
    case .nested(let layout): try record(layout, value, at: start)
    case .array(let inner, let count, _):
      try list(inner, count, element.stride(pointerWidth), value, at: start)
    }
  }

  private mutating func bits(
    _ field: StructLayout.BitField, _ value: StructValue, at start: Int
  ) throws(StructLayoutError) {
    let number: UInt64
    switch value {
    case .scalar(.boolean(let truth)) where field.format.type == .bool: number = truth ? 1 : 0
    case .scalar(let scalar): number = try whole(scalar, of: field)
    default:
      throw StructLayoutError(path: [], problem: "a value of type \(field.format) is expected")
    }
    let nothing = [UInt8](repeating: 0, count: field.byteCount)
    var word = BitWord(nothing, targetOrder)
    var mask = word
    word.put(number, in: field)
    mask.put(.max, in: field)
    pieces.append(.init(offset: start, bytes: word.bytes, mask: mask.bytes))
  }

  /// The number that bits are to hold, if they can.
  private func whole(
    _ value: ScalarValue, of field: StructLayout.BitField
  ) throws(StructLayoutError) -> UInt64 {
    let isSigned: Bool
    switch field.format.type {
    case .i8, .i16, .i32, .i64: isSigned = true
    default: isSigned = false
    }
    let free = UInt64(64 &- field.count)
    let low = isSigned ? Int64.min >> Int64(free) : 0
    let high = isSigned ? UInt64.max >> (free &+ 1) : UInt64.max >> free
    switch value {
    case .integer(let number)
    where number >= low && (number < 0 || UInt64(number) <= high):
      return UInt64(bitPattern: number)
    case .unsigned(let number) where number <= high: return number
    case .real(let real):
      if let number = real.wholeSigned { return try whole(.integer(number), of: field) }
    default: break
    }
    throw StructLayoutError(
      path: [], problem: "\(value) does not fit \(field.count) bits (\(low) to \(high))")
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
    var mask = bytes
    for index in run.sorted() {
      let piece = pieces[index]
      let first = piece.offset &- start
      for place in piece.bytes.indices {
        let bits = piece.mask?[place] ?? 0xFF
        bytes[first &+ place] = bytes[first &+ place] & ~bits | piece.bytes[place] & bits
        mask[first &+ place] |= bits
      }
    }
    let isWhole = mask.allSatisfy { $0 == 0xFF }
    return StructLayout.Piece(offset: start, bytes: bytes, mask: isWhole ? nil : mask)
  }
}
