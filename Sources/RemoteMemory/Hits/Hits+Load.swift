import CScanKernels
import MemoryModel

/// Hits that were read from a file.
public struct LoadedHits: Sendable {
  /// Those whose places were found; they have no parent.
  public let hits: Hits
  /// How many are left out because what they lay in is not there any more: memory without a name
  /// in another run, a module that is not loaded or has another size, the end of a smaller heap.
  public let unplacedCount: Int
  /// The names of what they lay in, as in maps; `anonymous memory` for what has none.
  public let unplacedNames: [String]
  /// Whether nothing has moved since they were saved, as in the same run; all addresses are then
  /// the same.
  public let isSameLayout: Bool
}

extension Hits {
  /// Reads hits that `save(to:)` wrote.
  ///
  /// Where the program, its stack and the kernel's vdso lie where they did, all addresses are taken
  /// as they were; otherwise they move with the modules and named regions they lie in.
  /// - Parameters:
  ///   - path: the file.
  ///   - source: where the hits are to lie.
  ///   - options: how later steps are carried out.
  /// - Throws: what the kernel says: `ENOENT`, `EACCES`, ...; `EINVAL` for a file that is none of
  ///   hits, is cut off or damaged, or is of a process with other pointers; `EINTERRUPTED`.
  public static func load(
    _ path: String, for source: any MemorySource, options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> LoadedHits {
    let file = try HitFileReader(path, interrupt: source.interrupt)
    var loader = HitLoader(file, source, options)
    return try loader.load()
  }
}

/// Reads hits from a file whose check sum is right, and which may be hostile all the same.
@safe private struct HitLoader {
  private let file: HitFileReader
  private let source: any MemorySource
  private let options: ScanOptions
  private var builder: HitsBuilder
  private var places: [HitPlace] = []
  private var resolved: [ResolvedPlace?] = []
  private var isSameLayout = false
  private var lostCounts: [Int: Int] = [:]

  init(_ file: HitFileReader, _ source: any MemorySource, _ options: ScanOptions) {
    self.file = file
    self.source = source
    self.options = options
    builder = HitsBuilder(budget: options.budget)
  }

  mutating func load() throws(RemoteMemoryError) -> LoadedHits {
    let pointerBytes = Int(try file.number(UInt8.self))
    let isBig = try file.number(UInt8.self) == 1
    guard pointerBytes == source.pointerWidth.bytes, isBig == (source.byteOrder == .big) else {
      throw file.invalid(
        "is of a \(8 * pointerBytes)-bit \(isBig ? "big" : "little")-endian process, and \(source.label) is none"
      )
    }
    _ = try file.bytes(10)
    var titles: [String] = []
    for _ in 0..<(try file.count(least: 4)) {
      titles.append(String(decoding: try file.text(), as: UTF8.self))
    }
    let witnesses = try places(file.count(least: 25))
    places = try places(file.count(least: 25))
    let now = HitPlaces(try source.regionMap())
    isSameLayout = witnesses == now.witnesses
    resolved = now.resolved(places, witnesses: witnesses)
    for _ in 0..<(try file.count(least: 80)) { try readLane() }
    guard file.left == 0 else { throw file.damaged }
    let hits = try builder.finish(
      source, parent: nil, title: titles.last ?? "loaded", options: options,
      earlierTitles: titles.dropLast())
    let names = lostCounts.keys.sorted().map { place in
      places[place].kind == .absolute
        ? "anonymous memory" : String(decoding: places[place].name, as: UTF8.self)
    }
    return LoadedHits(
      hits: hits, unplacedCount: lostCounts.values.reduce(0, +), unplacedNames: names,
      isSameLayout: isSameLayout)
  }

  private func places(_ count: Int) throws(RemoteMemoryError) -> [HitPlace] {
    var places: [HitPlace] = []
    for _ in 0..<count {
      guard let kind = HitPlace.Kind(rawValue: try file.number(UInt8.self)) else {
        throw file.damaged
      }
      places.append(
        HitPlace(
          kind: kind, name: try file.text(), ordinal: try file.number(UInt32.self),
          anchor: try file.number(UInt64.self), size: try file.number(UInt64.self)))
    }
    return places
  }

  private mutating func readLane() throws(RemoteMemoryError) {
    let label = String(decoding: try file.text(), as: UTF8.self)
    let element = try element()
    let step = Int(try file.number(UInt32.self))
    let width = Int(try file.number(UInt32.self))
    let constant = try file.number(UInt64.self)
    let encoding = try encoding()
    let wanted = try file.number(UInt64.self)
    let size = element.byteCount(pointerWidth: source.pointerWidth)
    let isWidthRight =
      element.format == nil ? width >= 1 && width <= HitFile.longestText : width == size
    guard step >= 1, step <= HitFile.greatestStep, isWidthRight else { throw file.damaged }
    let lane = HitLane(
      label: label, element: element, step: step, width: width, matcher: nil, constant: constant,
      encoding: encoding)
    builder.begin(lane, constant: constant)
    var found: UInt64 = 0
    var chunks = 0
    while true {
      let place = try file.number(UInt32.self)
      if place == HitFile.endOfLane { break }
      guard place < UInt32(places.count) else { throw file.damaged }
      if chunks % Hits.chunksBetweenLooks == 0, source.interrupt.isInterrupted {
        throw RemoteMemoryError(.load, .interrupted, process: source.processID)
      }
      chunks += 1
      found += try readChunk(lane, Int(place))
    }
    guard found == wanted, builder.sortChunks() else { throw file.damaged }
  }

  private func element() throws(RemoteMemoryError) -> HitElement {
    let kind = try file.number(UInt8.self)
    let name = String(decoding: try file.text(), as: UTF8.self)
    let count = Int(try file.number(UInt32.self))
    let encoding = TextEncoding(rawValue: name)
    guard count <= HitFile.longestText else { throw file.damaged }
    switch kind {
    case 0:
      guard let format = ScalarFormat(name: name) else { throw file.damaged }
      return .scalar(format)
    case 1: return .bytes(count: count)
    case 2:
      guard let encoding else { throw file.damaged }
      return .text(encoding, byteCount: count)
    case 3:
      guard encoding != nil || name.isEmpty else { throw file.damaged }
      return .match(encoding)
    case 4: return .record(byteCount: count)
    default: throw file.damaged
    }
  }

  private func encoding() throws(RemoteMemoryError) -> StoredEncoding {
    var parts: [UInt64?] = []
    for _ in 0..<4 {
      let isThere = try file.number(UInt8.self)
      let number = try file.number(UInt64.self)
      parts.append(isThere == 0 ? nil : number)
    }
    return StoredEncoding(
      xor: parts[0], add: parts[1].map { Int64(bitPattern: $0) },
      rotate: parts[2].map { Int(Int64(bitPattern: $0)) },
      scale: parts[3].map { Double(bitPattern: $0) })
  }

  /// Reads a chunk and adds what of it has a place.
  /// - Returns: how many hits it has.
  private mutating func readChunk(_ lane: HitLane, _ place: Int) throws(RemoteMemoryError)
    -> UInt64
  {
    let distance = try file.number(UInt64.self)
    let slots = try file.number(UInt32.self)
    let count = try file.number(UInt32.self)
    guard let form = HitChunk.Form(rawValue: try file.number(UInt8.self)),
      let keeping = HitChunk.Keeping(rawValue: try file.number(UInt8.self)), keeping != .block,
      try file.number(UInt16.self) == 0, slots >= 1, slots <= UInt32(HitChunk.mostSlots),
      count >= 1, count <= slots,
      form == .list || Int(slots) * lane.step <= HitFile.widestChunk
    else { throw file.damaged }
    var chunk = unsafe HitChunk(
      base: distance, slots: slots, count: count, places: nil, values: nil, form: form,
      keeping: keeping)
    try readPlaces(&chunk)
    if keeping == .packed { try readValues(&chunk, lane) }
    try add(chunk, lane, place)
    return UInt64(count)
  }

  private mutating func readPlaces(_ chunk: inout HitChunk) throws(RemoteMemoryError) {
    let size = chunk.placesByteCount
    guard size > 0 else {
      if chunk.count != chunk.slots { throw file.damaged }
      return
    }
    guard UInt64(size) <= file.left else { throw file.damaged }
    let memory = unsafe try builder.take(size)
    try unsafe file.take(size, into: memory)
    unsafe chunk.places = UnsafeRawPointer(memory)
    guard isValid(chunk) else { throw file.damaged }
  }

  /// Whether the places of a chunk are what they have to be.
  private func isValid(_ chunk: HitChunk) -> Bool {
    if let list = unsafe chunk.list, chunk.form == .list {
      for rank in 1..<max(Int(chunk.count), 1) {
        guard unsafe list[rank - 1] < list[rank] else { return false }
      }
      return unsafe UInt32(list[Int(chunk.count) - 1]) < chunk.slots
    }
    guard let bits = unsafe chunk.bits, chunk.form == .bits else { return false }
    let words = HitChunk.words(Int(chunk.slots))
    let rest = Int(chunk.slots) % 64
    if rest != 0, unsafe bits[words - 1] >> UInt64(rest) != 0 { return false }
    return unsafe pvk_count(bits, words) == Int(chunk.count)
  }

  private mutating func readValues(_ chunk: inout HitChunk, _ lane: HitLane)
    throws(RemoteMemoryError)
  {
    guard [1, 2, 4, 8].contains(lane.valueWidth) else { throw file.damaged }
    let size = Int(chunk.count) * lane.valueWidth
    guard UInt64(size) <= file.left else { throw file.damaged }
    let memory = unsafe try builder.take(size)
    try unsafe file.take(size, into: memory)
    unsafe chunk.values = UnsafeRawPointer(memory)
  }

  /// Adds a chunk, whose base is still the distance from its place's anchor.
  private mutating func add(_ distant: HitChunk, _ lane: HitLane, _ place: Int)
    throws(RemoteMemoryError)
  {
    guard let target = resolved[place] else {
      lostCounts[place, default: 0] += Int(distant.count)
      return
    }
    var chunk = distant
    chunk.base = distant.base &+ target.anchor
    let extent = UInt64(chunk.slots - 1) * UInt64(lane.step)
    guard chunk.base <= .max - extent, chunk.base + extent <= .max - UInt64(lane.width) else {
      throw file.damaged
    }
    let grid = chunk.grid(step: lane.step)
    guard let range = target.range else {
      builder.addOwn(chunk, of: lane)
      return
    }
    let width = UInt64(lane.width)
    var wanted = 0..<0
    if range.count >= width {
      wanted = grid.slots(
        from: range.start.rawValue, to: range.start.rawValue + (range.count - width))
    }
    if wanted.count == grid.slots {
      builder.addOwn(chunk, of: lane)
      return
    }
    let room = builder.room
    unsafe Bitmap.clear(room.mask, count: HitChunk.words(grid.slots))
    unsafe Bitmap.set(wanted, in: room.mask)
    let kept = try builder.addMasked(chunk, of: lane)
    if kept < Int(chunk.count) { lostCounts[place, default: 0] += Int(chunk.count) - kept }
  }
}
