extension StructLayout {
  /// The depth and the number of values of a struct with these fields, after checking everything
  /// that does not depend on the pointer width.
  static func checked(_ fields: [Field]) throws(StructLayoutError) -> (depth: Int, leaves: Int) {
    var depth = 1
    var leaves = 0
    var keys: Set<Key> = []
    for field in fields {
      guard keys.insert(field.key).inserted else { throw wrong(field, "this field stands twice") }
      let measure = try measured(field.element, field)
      var fieldLeaves = measure.leaves
      depth = max(depth, measure.depth &+ 1)
      if let count = field.count {
        guard count >= 0, count <= byteLimit else {
          throw wrong(field, "the count must be 0 to \(byteLimit), got \(count)")
        }
        fieldLeaves = max(1, fieldLeaves &* count)
      }
      leaves &+= fieldLeaves
      guard leaves <= leafLimit else { throw wrong(field, "more than \(leafLimit) values") }
    }
    guard depth <= depthLimit else {
      throw StructLayoutError(path: [], problem: "structs are nested deeper than \(depthLimit)")
    }
    return (depth, max(1, leaves))
  }

  /// How many structs are nested in an element, and how many single values it holds.
  private static func measured(
    _ element: Element, _ field: Field, level: Int = 0
  ) throws(StructLayoutError) -> (depth: Int, leaves: Int) {
    switch element {
    case .nested(let layout): return (layout.depth, layout.leafCount)
    case .array(let inner, let count, _):
      guard count >= 0, count <= byteLimit else {
        throw wrong(field, "the count must be 0 to \(byteLimit), got \(count)")
      }
      guard level < depthLimit else {
        throw wrong(field, "arrays are nested deeper than \(depthLimit)")
      }
      let (depth, leaves) = try measured(inner, field, level: level &+ 1)
      guard leaves &* count <= leafLimit else {
        throw wrong(field, "more than \(leafLimit) values")
      }
      return (depth, max(1, leaves &* count))
    default: return (0, 1)
    }
  }

  /// Places every field for one pointer width.
  static func shape(
    of fields: [Field], _ givenByteCount: Int?, _ givenAlignment: Int?,
    _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> Shape {
    var placed: [Placed] = []
    var next = FieldEnd()
    var end = 0
    var alignment = 1
    var content = 0
    for field in fields {
      let (place, fieldEnd, fieldAlignment) = try placement(of: field, after: next, pointerWidth)
      placed.append(place)
      next = fieldEnd
      end = max(end, fieldEnd.byte)
      alignment = max(alignment, fieldAlignment)
      content &+= contentByteCount(of: field, place, pointerWidth)
      guard content <= contentLimit else {
        throw wrong(field, "the values take more than \(contentLimit) bytes together")
      }
    }
    let isPacked = fields.allSatisfy { $0.offset != nil }
    let byteCount = givenByteCount ?? (isPacked ? end : padded(end, alignment))
    guard byteCount >= 0, byteCount <= byteLimit else {
      throw StructLayoutError(
        path: [], problem: "the size must be 0 to \(byteLimit) bytes, got \(byteCount)")
    }
    guard end <= byteCount else {
      throw StructLayoutError(
        path: [], problem: "the fields take \(end) bytes, more than the size of \(byteCount)")
    }
    return Shape(
      placed: placed, byteCount: byteCount, alignment: givenAlignment ?? alignment,
      contentByteCount: content)
  }

  /// Where a field ends.
  private struct FieldEnd {
    /// The first byte behind it.
    var byte = 0
    /// How many bits of the byte before that are free, behind a field of bits.
    var freeBits = 0
  }

  /// Where a field lies when the one before it ends at `previous`, and where it ends.
  private static func placement(
    of field: Field, after previous: FieldEnd, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> (Placed, end: FieldEnd, alignment: Int) {
    if case .bits(let bits) = field.element {
      return try placement(of: bits, field, after: previous, pointerWidth)
    }
    let (size, alignment) = try measure(field.element, field, pointerWidth)
    let offset = field.offset ?? padded(previous.byte, alignment)
    guard offset >= 0, offset <= byteLimit else {
      throw wrong(field, "the offset must be 0 to \(byteLimit), got \(offset)")
    }
    let stride = field.stride ?? padded(size, alignment)
    guard stride >= size, stride <= byteLimit else {
      throw wrong(field, "the stride must be \(size) to \(byteLimit) bytes, got \(stride)")
    }
    let count = field.count ?? 1
    let length = count == 0 ? 0 : stride &* (count &- 1) &+ size
    guard length <= byteLimit &- offset else {
      throw wrong(field, "the field ends beyond \(byteLimit) bytes")
    }
    return (
      Placed(offset: offset, stride: stride, element: field.element),
      FieldEnd(byte: offset &+ length), alignment
    )
  }

  /// Where bits lie: at their own place, or behind the bits before them where the same word of their
  /// type still has room, as a C compiler does it.
  private static func placement(
    of bits: BitField, _ field: Field, after previous: FieldEnd, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> (Placed, end: FieldEnd, alignment: Int) {
    let size = bits.format.byteCount(pointerWidth: pointerWidth)
    let unit = 8 &* size
    try check(bits, unit, field)
    var first: Int
    if let offset = field.offset {
      guard offset >= 0, offset <= byteLimit else {
        throw wrong(field, "the offset must be 0 to \(byteLimit), got \(offset)")
      }
      first = 8 &* offset &+ (bits.first ?? 0)
    } else {
      first = 8 &* previous.byte &- previous.freeBits
      if first % unit &+ bits.count > unit { first = padded(first, unit) }
    }
    let end = first &+ bits.count
    guard end <= 8 &* byteLimit else {
      throw wrong(field, "the field ends beyond \(byteLimit) bytes")
    }
    let placed = BitField(format: bits.format, first: first % 8, count: bits.count)
    let endByte = (end &+ 7) / 8
    return (
      Placed(offset: first / 8, stride: placed.byteCount, element: .bits(placed)),
      FieldEnd(byte: endByte, freeBits: 8 &* endByte &- end), field.offset == nil ? size : 1
    )
  }

  private static func check(
    _ bits: BitField, _ unit: Int, _ field: Field
  ) throws(StructLayoutError) {
    guard field.count == nil else { throw wrong(field, "bits form no array") }
    switch bits.format.type {
    case .f32, .f64, .ptr: throw wrong(field, "a \(bits.format) has no bits to take")
    default: break
    }
    guard bits.format.byteOrder != .big else {
      throw wrong(field, "bits are counted in the target's own byte order")
    }
    let limit = bits.format.type == .bool ? 8 : unit
    guard bits.count >= 1, bits.count <= limit else {
      throw wrong(field, "a \(bits.format) has 1 to \(limit) bits, got \(bits.count)")
    }
    guard (0...4096).contains(bits.first ?? 0) else {
      throw wrong(field, "the first bit must be 0 to 4096, got \(bits.first ?? 0)")
    }
  }

  /// The sum of the sizes of a field's values, with its count and theirs within their limits.
  private static func contentByteCount(
    of field: Field, _ place: Placed, _ pointerWidth: PointerWidth
  ) -> Int {
    place.element.contentByteCount(pointerWidth) &* (field.count ?? 1)
  }

  /// The size and the alignment of one element of a field.
  private static func measure(
    _ element: Element, _ field: Field, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> (size: Int, alignment: Int) {
    switch element {
    case .bytes(let count), .text(_, let count):
      guard count >= 1, count <= byteLimit else {
        throw wrong(field, "the size must be 1 to \(byteLimit) bytes, got \(count)")
      }
    case .array(let inner, let count, let stride):
      let (size, alignment) = try measure(inner, field, pointerWidth)
      let step = stride ?? padded(size, alignment)
      guard step >= size, step <= byteLimit, count <= 1 || step &* (count &- 1) <= byteLimit else {
        throw wrong(field, "the field ends beyond \(byteLimit) bytes")
      }
    case .bits: throw wrong(field, "bits form no array")
    default: break
    }
    return (element.byteCount(pointerWidth), element.alignment(pointerWidth))
  }

  /// The next multiple of `alignment`; the argument is at most `byteLimit`.
  private static func padded(_ value: Int, _ alignment: Int) -> Int {
    (value &+ alignment &- 1) & ~(alignment &- 1)
  }

  private static func wrong(_ field: Field, _ problem: String) -> StructLayoutError {
    StructLayoutError(path: [field.key], problem: problem)
  }
}
