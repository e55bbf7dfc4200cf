import CScanKernels
import MemoryModel

extension Hits {
  /// Writes the hits to a file, from which `Hits.load(_:for:)` reads them back, also for another run
  /// of the same program.
  ///
  /// It holds addresses as distances in the module or named region they lie in (`game+0x1234`,
  /// `[heap]+0x40`), old values, and the titles of the history; what was searched for in patterns
  /// and texts it does not hold. A file of that name is replaced, at once and only when all is
  /// written; it can be read by its owner alone.
  /// - Parameter path: where to.
  /// - Throws: what the kernel says: `EACCES`, `ENOSPC`, ...; `EINTERRUPTED`; what
  ///   `MemorySource.regionMap()` throws.
  public func save(to path: String) throws(RemoteMemoryError) {
    let places = HitPlaces(try source.regionMap())
    let file = HitSaver(self, places, try HitFileWriter(path))
    try file.write()
  }
}

/// Writes hits to a file.
@safe private struct HitSaver {
  private let hits: Hits
  private let places: HitPlaces
  private let file: HitFileWriter
  private let room = SetRoom()

  init(_ hits: Hits, _ places: HitPlaces, _ file: HitFileWriter) {
    self.hits = hits
    self.places = places
    self.file = file
  }

  func write() throws(RemoteMemoryError) {
    try file.add(HitFile.magic)
    try file.add(HitFile.version)
    try file.add(UInt8(hits.source.pointerWidth.bytes))
    try file.add(UInt8(hits.source.byteOrder == .big ? 1 : 0))
    try file.add(UInt16(0))
    try file.add(UInt64(0))
    let titles = hits.titles
    try file.add(UInt32(titles.count))
    for title in titles { try file.addText(Array(title.utf8)) }
    for list in [places.witnesses, places.places] {
      try file.add(UInt32(list.count))
      for place in list { try write(place) }
    }
    try file.add(UInt32(hits.lanes.count))
    for lane in hits.lanes { try write(lane) }
    try file.commit()
  }

  private func write(_ place: HitPlace) throws(RemoteMemoryError) {
    try file.add(place.kind.rawValue)
    try file.addText(place.name)
    try file.add(place.ordinal)
    try file.add(place.anchor)
    try file.add(place.size)
  }

  private func write(_ lane: HitLane) throws(RemoteMemoryError) {
    try file.addText(Array(lane.label.utf8))
    try write(lane.element)
    try file.add(UInt32(clamping: lane.step))
    try file.add(UInt32(clamping: lane.width))
    try file.add(lane.constant)
    try write(lane.encoding)
    try file.add(UInt64(lane.count))
    for index in lane.chunks.indices {
      if index % Hits.chunksBetweenLooks == 0 { try hits.checkInterrupt() }
      let chunk = lane.chunks[index]
      let grid = chunk.grid(step: lane.step)
      for part in places.parts(of: grid) {
        let ranks =
          chunk.rank(from: part.slots.lowerBound)..<chunk.rank(from: part.slots.upperBound)
        if !ranks.isEmpty { try write(chunk, lane, part.slots, ranks, part.place) }
      }
    }
    try file.add(HitFile.endOfLane)
  }

  private func write(_ element: HitElement) throws(RemoteMemoryError) {
    let (kind, name, count): (UInt8, String, Int) =
      switch element {
      case .scalar(let format): (0, format.name, 0)
      case .bytes(let count): (1, "", count)
      case .text(let encoding, let count): (2, encoding.rawValue, count)
      case .match(let encoding): (3, encoding?.rawValue ?? "", 0)
      case .record(let count): (4, "", count)
      }
    try file.add(kind)
    try file.addText(Array(name.utf8))
    try file.add(UInt32(clamping: count))
  }

  private func write(_ encoding: StoredEncoding) throws(RemoteMemoryError) {
    let parts = [
      encoding.xor, encoding.add.map { UInt64(bitPattern: $0) },
      encoding.rotate.map { UInt64(bitPattern: Int64($0)) }, encoding.scale?.bitPattern,
    ]
    for part in parts {
      try file.add(UInt8(part == nil ? 0 : 1))
      try file.add(part ?? 0)
    }
  }

  /// Writes the hits of a chunk that lie in one place.
  private func write(
    _ chunk: HitChunk, _ lane: HitLane, _ slots: Range<Int>, _ ranks: Range<Int>, _ place: Int
  ) throws(RemoteMemoryError) {
    let keepsWords = [1, 2, 4, 8].contains(lane.valueWidth)
    let keeping: UInt8 =
      switch chunk.keeping {
      case .nothing: 0
      case .constant: 1
      case .packed, .block: keepsWords ? 2 : 0
      }
    let base = chunk.base &+ UInt64(slots.lowerBound) &* UInt64(lane.step)
    try file.add(UInt32(place))
    try file.add(base &- places.places[place].anchor)
    try file.add(UInt32(slots.count))
    try file.add(UInt32(ranks.count))
    try file.add(chunk.form.rawValue)
    try file.add(keeping)
    try file.add(UInt16(0))
    try writePlaces(chunk, slots, ranks)
    if keeping == 2 { try writeValues(chunk, lane, slots, ranks) }
  }

  private func writePlaces(_ chunk: HitChunk, _ slots: Range<Int>, _ ranks: Range<Int>)
    throws(RemoteMemoryError)
  {
    switch chunk.form {
    case .run: return
    case .list:
      for (index, rank) in ranks.enumerated() {
        let slot = unsafe Int(chunk.list![rank]) - slots.lowerBound
        unsafe room.slots[index] = UInt16(truncatingIfNeeded: slot)
      }
      try unsafe file.add(UnsafeRawBufferPointer(start: room.slots, count: 2 * ranks.count))
    case .bits:
      bits(of: chunk, slots)
      let words = HitChunk.words(slots.count)
      try unsafe file.add(UnsafeRawBufferPointer(start: room.mask, count: 8 * words))
    }
  }

  /// Puts the bits of some candidates of a chunk into the room.
  private func bits(of chunk: HitChunk, _ slots: Range<Int>) {
    unsafe chunk.writeBits(to: room.bits)
    unsafe Bitmap.clear(room.mask, count: HitChunk.words(slots.count))
    unsafe Bitmap.merge(
      room.bits, otherSlots: Int(chunk.slots), shift: -slots.lowerBound, into: room.mask,
      slots: slots.count)
  }

  private func writeValues(
    _ chunk: HitChunk, _ lane: HitLane, _ slots: Range<Int>, _ ranks: Range<Int>
  ) throws(RemoteMemoryError) {
    guard let values = unsafe chunk.values else { throw RemoteMemoryError(.save, .invalid) }
    let width = lane.valueWidth
    let size = ranks.count * width
    if chunk.keeping == .packed {
      let start = unsafe values + ranks.lowerBound * width
      try unsafe file.add(UnsafeRawBufferPointer(start: start, count: size))
      return
    }
    bits(of: chunk, slots)
    unsafe pvk_pick_bits(
      values + slots.lowerBound * lane.step, lane.step, width, room.mask,
      HitChunk.words(slots.count), room.values)
    try unsafe file.add(UnsafeRawBufferPointer(start: room.values, count: size))
  }
}
