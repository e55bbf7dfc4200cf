import MemoryModel

/// Behind the head of a file of paths stand: the target (8), how many paths (8), then each with its
/// base (4), its number of pointers (4), its offset in the base (8) and the offsets (4 each).
extension PointerPaths {
  private static let headByteCount = 16

  /// Writes the paths to a file, from which `load(_:interrupt:)` reads them back, in any process.
  ///
  /// A file of that name is replaced, at once and only when all is written; it can be read by its
  /// owner alone.
  /// - Throws: what the kernel says: `EACCES`, `ENOSPC`, ...
  public func save(to path: String) throws(RemoteMemoryError) {
    let file = try HitFileWriter(path)
    try PointerFile.write(
      PointerFile.Head(
        pointerWidth: pointerWidth, byteOrder: byteOrder, step: 1, label: label,
        isComplete: outcome.isComplete, isLimited: outcome.isLimited,
        bases: bases.map(\.withoutRanges)),
      .pointerPaths, to: file)
    try file.add(target.rawValue)
    try file.add(UInt64(count))
    for record in records {
      try file.add(record.base)
      try file.add(UInt32(record.hops))
      try file.add(record.offset)
      for offset in offsets(of: record) { try file.add(offset) }
    }
    try file.commit()
  }

  /// Reads paths that `save(to:)` wrote.
  /// - Throws: what the kernel says: `ENOENT`, `EACCES`, ...; `EINVAL` for a file that is none of
  ///   paths, or is cut off or damaged; `EINTERRUPTED`.
  public static func load(_ path: String, interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError) -> PointerPaths
  {
    let file = try HitFileReader(path, .pointerPaths, interrupt: interrupt)
    let head = try PointerFile.read(file)
    let target = Address(try file.number(UInt64.self))
    let count = try file.number(UInt64.self)
    guard count <= file.left / UInt64(headByteCount) else { throw file.damaged }
    var records: [Record] = []
    var offsets: [Int32] = []
    for _ in 0..<count {
      let base = try file.number(UInt32.self)
      let hops = try file.number(UInt32.self)
      guard base < UInt32(clamping: head.bases.count), hops >= 1,
        hops <= UInt32(PointerScanOptions.greatestDepth)
      else { throw file.damaged }
      let offset = try file.number(UInt64.self)
      records.append(
        Record(base: base, hops: UInt8(hops), offset: offset, first: offsets.count))
      for _ in 0..<hops { offsets.append(Int32(bitPattern: try file.number(UInt32.self))) }
    }
    guard file.left == 0 else { throw file.damaged }
    var outcome = Outcome()
    outcome.isComplete = head.isComplete
    outcome.isLimited = head.isLimited
    return PointerPaths(
      target: target, label: head.label, pointerWidth: head.pointerWidth,
      byteOrder: head.byteOrder, outcome: outcome, bases: head.bases, records: records,
      offsets: offsets)
  }
}

extension PointerBase {
  /// The same with nothing known of what belongs to it, which a path does not need.
  fileprivate var withoutRanges: PointerBase {
    PointerBase(kind: kind, name: name, start: start, ranges: [], isProgram: isProgram)
  }
}

extension PointerPath {
  /// Whether it is the same path, perhaps in another run.
  public func isLike(_ other: PointerPath) -> Bool {
    base.isLike(other.base) && offset == other.offset && offsets == other.offsets
  }
}
