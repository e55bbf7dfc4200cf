import MemoryModel

/// What files of pointer paths and of pointer maps have in common.
///
/// Behind the version stand the bytes of a pointer (1), 1 where the high byte comes first (1), the
/// distance of two slots (2) and the length of the file (8). Then come, of both:
///
/// | what | bytes |
/// |---|---|
/// | the label with its length (4) | |
/// | 1 for incomplete, 2 for limited, 3 for both | 4 |
/// | bases: how many (4), each kind (1), program or not (1), two bytes 0, start (8), name with its length (4), ranges: how many (4), each start and size (16) | |
enum PointerFile {
  /// What stands at the beginning.
  struct Head {
    var pointerWidth: PointerWidth
    var byteOrder: ByteOrder
    var step: Int
    var label: String
    var isComplete: Bool
    var isLimited: Bool
    var bases: [PointerBase]
  }

  static func write(_ head: Head, _ form: SavedForm, to file: HitFileWriter)
    throws(RemoteMemoryError)
  {
    try file.add(form.magic)
    try file.add(form.version)
    try file.add(UInt8(head.pointerWidth.bytes))
    try file.add(UInt8(head.byteOrder == .big ? 1 : 0))
    try file.add(UInt16(head.step))
    try file.add(UInt64(0))
    try file.addText(Array(head.label.utf8))
    try file.add(UInt32((head.isComplete ? 0 : 1) | (head.isLimited ? 2 : 0)))
    try file.add(UInt32(head.bases.count))
    for base in head.bases {
      try file.add(base.kind.rawValue)
      try file.add(UInt8(base.isProgram ? 1 : 0))
      try file.add(UInt16(0))
      try file.add(base.start.rawValue)
      try file.addText(Array(base.name.utf8))
      try file.add(UInt32(base.ranges.count))
      for range in base.ranges {
        try file.add(range.start.rawValue)
        try file.add(range.count)
      }
    }
  }

  /// Reads what `write` wrote; nothing in it is believed.
  static func read(_ file: HitFileReader) throws(RemoteMemoryError) -> Head {
    guard let width = PointerWidth(rawValue: Int(try file.number(UInt8.self))) else {
      throw file.damaged
    }
    let order: ByteOrder = try file.number(UInt8.self) == 1 ? .big : .little
    let step = Int(try file.number(UInt16.self))
    _ = try file.number(UInt64.self)
    let label = String(decoding: try file.text(), as: UTF8.self)
    let flags = try file.number(UInt32.self)
    var bases: [PointerBase] = []
    for _ in 0..<(try file.count(least: 20)) { bases.append(try base(file)) }
    return Head(
      pointerWidth: width, byteOrder: order, step: step, label: label, isComplete: flags & 1 == 0,
      isLimited: flags & 2 != 0, bases: bases)
  }

  private static func base(_ file: HitFileReader) throws(RemoteMemoryError) -> PointerBase {
    guard let kind = PointerBase.Kind(rawValue: try file.number(UInt8.self)) else {
      throw file.damaged
    }
    let isProgram = try file.number(UInt8.self) == 1
    _ = try file.number(UInt16.self)
    let start = Address(try file.number(UInt64.self))
    let name = String(decoding: try file.text(), as: UTF8.self)
    guard name.isEmpty == (kind == .absolute) else { throw file.damaged }
    var ranges: [AddressRange] = []
    for _ in 0..<(try file.count(least: 16)) {
      let first = Address(try file.number(UInt64.self))
      ranges.append(AddressRange(start: first, count: try file.number(UInt64.self)))
    }
    return PointerBase(kind: kind, name: name, start: start, ranges: ranges, isProgram: isProgram)
  }
}
