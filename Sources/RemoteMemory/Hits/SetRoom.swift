/// Room for working on the hits of one chunk: maps of bits, numbers of hits and values. Used by one
/// thread at a time.
@safe final class SetRoom {
  /// The hits that are asked for.
  let mask: UnsafeMutablePointer<UInt64>
  /// Another map.
  let bits: UnsafeMutablePointer<UInt64>
  /// Numbers of hits.
  let slots: UnsafeMutablePointer<UInt16>
  /// Values of up to 8 bytes for every candidate.
  let values: UnsafeMutableRawPointer

  init() {
    let most = HitChunk.mostSlots
    unsafe mask = .allocate(capacity: HitChunk.words(most))
    unsafe bits = .allocate(capacity: HitChunk.words(most))
    unsafe slots = .allocate(capacity: most)
    unsafe values = .allocate(byteCount: 8 * most, alignment: 64)
  }

  deinit {
    unsafe mask.deallocate()
    unsafe bits.deallocate()
    unsafe slots.deallocate()
    unsafe values.deallocate()
  }
}
