extension StructLayout {
  /// The depth and the number of values of a struct with these fields, after checking everything
  /// that does not depend on the pointer width.
  static func checked(_ fields: [Field]) throws(StructLayoutError) -> (depth: Int, leaves: Int) {
    var depth = 1
    var leaves = 0
    var keys: Set<Key> = []
    for field in fields {
      guard keys.insert(field.key).inserted else { throw wrong(field, "this field stands twice") }
      var fieldLeaves = 1
      if case .nested(let layout) = field.element {
        depth = max(depth, layout.depth &+ 1)
        fieldLeaves = layout.leafCount
      }
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

  /// Places every field for one pointer width.
  static func shape(
    of fields: [Field], _ givenByteCount: Int?, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> Shape {
    var placed: [Placed] = []
    var next = 0
    var end = 0
    var alignment = 1
    var content = 0
    for field in fields {
      let (place, fieldEnd, fieldAlignment) = try placement(of: field, after: next, pointerWidth)
      placed.append(place)
      next = fieldEnd
      end = max(end, fieldEnd)
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
      placed: placed, byteCount: byteCount, alignment: alignment, contentByteCount: content)
  }

  /// Where a field lies when the one before it ends at `previousEnd`, and where it ends.
  private static func placement(
    of field: Field, after previousEnd: Int, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> (Placed, end: Int, alignment: Int) {
    let (size, alignment) = try measure(field, pointerWidth)
    let offset = field.offset ?? padded(previousEnd, alignment)
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
      Placed(offset: offset, stride: stride, elementByteCount: size), offset &+ length, alignment
    )
  }

  /// The sum of the sizes of a field's values, with its count and theirs within their limits.
  private static func contentByteCount(
    of field: Field, _ place: Placed, _ pointerWidth: PointerWidth
  ) -> Int {
    guard case .nested(let layout) = field.element else {
      return place.elementByteCount &* (field.count ?? 1)
    }
    return layout.shape(pointerWidth).contentByteCount &* (field.count ?? 1)
  }

  /// The size and the alignment of one element of a field.
  private static func measure(
    _ field: Field, _ pointerWidth: PointerWidth
  ) throws(StructLayoutError) -> (size: Int, alignment: Int) {
    switch field.element {
    case .scalar(let format):
      return (
        format.byteCount(pointerWidth: pointerWidth), format.alignment(pointerWidth: pointerWidth)
      )
    case .bytes(let count), .text(_, let count):
      guard count >= 1, count <= byteLimit else {
        throw wrong(field, "the size must be 1 to \(byteLimit) bytes, got \(count)")
      }
      guard case .text(let encoding, _) = field.element else { return (count, 1) }
      return (count, encoding.unitBytes)
    case .nested(let layout):
      let shape = layout.shape(pointerWidth)
      return (shape.byteCount, shape.alignment)
    }
  }

  /// The next multiple of `alignment`; the argument is at most `byteLimit`.
  private static func padded(_ value: Int, _ alignment: Int) -> Int {
    (value &+ alignment &- 1) & ~(alignment &- 1)
  }

  private static func wrong(_ field: Field, _ problem: String) -> StructLayoutError {
    StructLayoutError(path: [field.key], problem: problem)
  }
}
