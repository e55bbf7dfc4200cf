extension StructLayout {
  /// The layout that debug information describes.
  ///
  /// Base classes and structs without a name become fields of the struct itself; arrays of `char` are
  /// text; what has no size is left out.
  /// - Throws: where it is larger than a layout may be.
  public init(_ record: DebugRecord, for width: PointerWidth) throws(StructLayoutError) {
    var fields: [Field] = []
    var names: Set<String> = []
    try Self.add(record, at: 0, width, to: &fields, &names)
    try self.init(
      fields: fields, byteCount: record.byteCount, alignment: 1, for: width)
  }

  private static func add(
    _ record: DebugRecord, at start: Int, _ width: PointerWidth, to fields: inout [Field],
    _ names: inout Set<String>
  ) throws(StructLayoutError) {
    for member in record.members {
      let offset = start &+ member.offset
      guard let name = member.name else {
        if case .record(let inner) = member.type {
          try add(inner, at: offset, width, to: &fields, &names)
        }
        continue
      }
      guard let element = try element(member, width), names.insert(name).inserted else { continue }
      if case .array(let part, let count, let stride) = element {
        fields.append(
          Field(key: .name(name), offset: offset, element: part, count: count, stride: stride))
      } else {
        fields.append(Field(key: .name(name), offset: offset, element: element))
      }
    }
  }

  private static func element(
    _ member: DebugRecord.Member, _ width: PointerWidth
  ) throws(StructLayoutError) -> Element? {
    guard let bits = member.bits else { return try element(member.type, width) }
    guard case .scalar(let format) = member.type, bits.count <= 64 else { return nil }
    return .bits(BitField(format: format, first: bits.first, count: bits.count))
  }

  private static func element(
    _ type: DebugType, _ width: PointerWidth
  ) throws(StructLayoutError) -> Element? {
    switch type {
    case .scalar(let format): return .scalar(format)
    case .pointer(let name?): return .pointer(to: name)
    case .pointer(nil): return .scalar(ScalarFormat(.ptr))
    case .record(let record):
      return record.byteCount > 0 ? .nested(try StructLayout(record, for: width)) : nil
    case .array(.scalar(ScalarFormat(.i8)), let count, 1) where count > 0:
      return .text(.utf8, byteCount: count)
    case .array(let part, let count, let stride):
      guard count > 0, stride > 0, let part = try element(part, width) else { return nil }
      return .array(part, count: count, stride: stride)
    case .bytes(let count): return count > 0 ? .bytes(count) : nil
    }
  }
}
