import CScanKernels

/// Turns what a matcher marked into chunks of one lane, each in its smallest form. One thread's own.
@safe struct HitRecorder {
  /// Which values are to be kept.
  enum Keeping {
    case nothing
    case constant
    case values
    /// The bytes given lie in the store already and stay there.
    case blocks
  }

  let step: Int
  let valueWidth: Int
  let keeping: Keeping
  var chunks: [HitChunk] = []

  init(step: Int, valueWidth: Int, keeping: Keeping) {
    self.step = step
    self.valueWidth = valueWidth
    self.keeping = keeping
  }

  /// Notes the hits among candidates.
  /// - Parameters:
  ///   - base: the address of candidate 0.
  ///   - slots: how many candidates there are, at most `HitChunk.mostSlots`.
  ///   - bits: a bit for each.
  ///   - count: how many bits are set.
  ///   - bytes: where candidate 0 lies.
  ///   - slab: where the chunk is to lie.
  mutating func record(
    base: UInt64, slots: Int, bits: UnsafePointer<UInt64>, count: Int, bytes: UnsafeRawPointer,
    slab: inout MemorySlab
  ) throws(RemoteMemoryError) {
    guard count > 0 else { return }
    var chunk = unsafe try places(
      base: base, slots: slots, count: count, slab: &slab,
      list: { list in unsafe pvk_slots(bits, HitChunk.words(slots), list) },
      bits: { map in unsafe map.update(from: bits, count: HitChunk.words(slots)) })
    unsafe try keepValues(of: &chunk, bits, bytes, &slab)
    chunks.append(chunk)
  }

  /// A chunk without values: a run, a list or a bitmap, whichever is the smallest.
  /// - Parameters:
  ///   - list: writes the numbers of the hits.
  ///   - bits: writes a bit for each candidate, in whole words.
  private func places(
    base: UInt64, slots: Int, count: Int, slab: inout MemorySlab,
    list: (UnsafeMutablePointer<UInt16>) -> Void, bits: (UnsafeMutablePointer<UInt64>) -> Void
  ) throws(RemoteMemoryError) -> HitChunk {
    var chunk = unsafe HitChunk(
      base: base, slots: UInt32(slots), count: UInt32(count), places: nil, values: nil, form: .run,
      keeping: .nothing)
    if count == slots { return chunk }
    let words = HitChunk.words(slots)
    let isList = 2 * count <= 8 * words
    let room = unsafe try slab.take(isList ? 2 * count : 8 * words)
    if isList {
      unsafe list(room.assumingMemoryBound(to: UInt16.self))
    } else {
      unsafe bits(room.assumingMemoryBound(to: UInt64.self))
    }
    unsafe chunk.places = UnsafeRawPointer(room)
    chunk.form = isList ? .list : .bits
    return chunk
  }

  private func keepValues(
    of chunk: inout HitChunk, _ bits: UnsafePointer<UInt64>, _ bytes: UnsafeRawPointer,
    _ slab: inout MemorySlab
  ) throws(RemoteMemoryError) {
    switch keeping {
    case .nothing: return
    case .constant: chunk.keeping = .constant
    case .blocks:
      chunk.keeping = .block
      unsafe chunk.values = bytes
    case .values:
      let slots = Int(chunk.slots)
      let packed = Int(chunk.count) * valueWidth
      let block = (slots - 1) * step + valueWidth
      if 4 * packed >= 3 * block {
        let copy = unsafe try slab.take(block)
        unsafe copy.copyMemory(from: bytes, byteCount: block)
        unsafe chunk.values = UnsafeRawPointer(copy)
        chunk.keeping = .block
        slab.noteBlocks()
      } else {
        let values = unsafe try slab.take(packed)
        unsafe pvk_pick_bits(bytes, step, valueWidth, bits, HitChunk.words(slots), values)
        unsafe chunk.values = UnsafeRawPointer(values)
        chunk.keeping = .packed
      }
    }
  }

  /// Notes that all of so many candidates are hits, whose values stay where they lie.
  mutating func recordRun(
    base: UInt64, slots: Int, bytes: UnsafeRawPointer, digests: UnsafePointer<UInt64>?
  ) {
    unsafe chunks.append(
      HitChunk(
        base: base, slots: UInt32(slots), count: UInt32(slots), places: nil, values: bytes,
        digests: digests, form: .run, keeping: .block))
  }

  /// Notes hits given by their numbers, with their values packed.
  mutating func record(
    base: UInt64, slots: Int, list: UnsafePointer<UInt16>, count: Int, values: UnsafeRawPointer?,
    slab: inout MemorySlab
  ) throws(RemoteMemoryError) {
    guard count > 0 else { return }
    var chunk = unsafe try places(
      base: base, slots: slots, count: count, slab: &slab,
      list: { copy in unsafe copy.update(from: list, count: count) },
      bits: { map in unsafe pvk_bits(list, count, map, HitChunk.words(slots)) })
    if keeping == .constant { chunk.keeping = .constant }
    if keeping == .values, let values = unsafe values {
      let copy = unsafe try slab.take(count * valueWidth)
      unsafe copy.copyMemory(from: values, byteCount: count * valueWidth)
      unsafe chunk.values = UnsafeRawPointer(copy)
      chunk.keeping = .packed
    }
    chunks.append(chunk)
  }
}
