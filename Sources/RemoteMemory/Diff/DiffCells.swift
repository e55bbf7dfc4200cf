import CScanKernels
import MemoryModel

/// What a diff compares: cells of one size at equal distances, and what makes two of them equal.
struct DiffCells: Sendable {
  let format: ScalarFormat
  let step: Int
  let width: Int
  /// Whether the cells are wanted that have stayed the same.
  let unchanged: Bool
  /// Tells where what a pointer pointed at is now; nil where pointers are numbers like others.
  private let pointers: DiffPointers?

  init(_ options: DiffOptions, _ alignment: RegionAlignment, in source: any MemorySource) {
    format = options.format ?? ScalarFormat(.u8)
    width = format.byteCount(pointerWidth: source.pointerWidth)
    step = max(options.step ?? width, 1)
    unchanged = options.unchanged
    pointers =
      options.equalPointers && !alignment.isIdentity ? DiffPointers(alignment, in: source) : nil
  }

  /// Records cells with the values they had.
  var recorder: HitRecorder { HitRecorder(step: step, valueWidth: width, keeping: .values) }

  /// A lane with these cells.
  func lane(_ chunks: [HitChunk]) -> HitLane {
    HitLane(
      label: format.name, element: .scalar(format), step: step, width: width, matcher: nil,
      chunks: chunks)
  }

  /// Whether cells never lie across two pages.
  var staysWithinPages: Bool { step >= width && 4096 % step == 0 }

  /// Whether no byte differs where no cell was marked.
  var coversAll: Bool { step == width && pointers == nil && !unchanged }

  /// Marks the wanted ones among so many cells.
  /// - Returns: how many there are.
  func mark(
    base: UInt64, _ old: UnsafeRawPointer, _ new: UnsafeRawPointer, slots: Int,
    into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var change = pvk_change()
    change.width = UInt8(width)
    change.relation = UInt8(PVK_EQUAL.rawValue)
    change.inverted = pointers != nil || !unchanged
    let count = unsafe pvk_compare(&change, new, step, old, step, slots, bits)
    guard let pointers else { return count }
    let words = HitChunk.words(slots)
    if count > 0 {
      unsafe pointers.forgive(
        base: base, old, new, byteCount: (slots - 1) * step + width, step: step, width: width,
        slots: slots, bits)
    }
    if unchanged { unsafe Bitmap.invert(bits, slots: slots) }
    return unsafe pvk_count(bits, words)
  }
}

/// Pointers that point at what goes together.
struct DiffPointers: Sendable {
  private let alignment: RegionAlignment
  private let width: Int
  private let isSwapped: Bool

  init(_ alignment: RegionAlignment, in source: any MemorySource) {
    self.alignment = alignment
    width = source.pointerWidth.bytes
    isSwapped = source.byteOrder == .big
  }

  /// Clears the bits of cells in each aligned word that holds a pointer to memory that goes with
  /// what it pointed at.
  func forgive(
    base: UInt64, _ old: UnsafeRawPointer, _ new: UnsafeRawPointer, byteCount: Int, step: Int,
    width cell: Int, slots: Int, _ bits: UnsafeMutablePointer<UInt64>
  ) {
    let skew = Int(base % UInt64(width))
    var offset = skew == 0 ? 0 : width - skew
    while offset + width <= byteCount {
      defer { offset += width }
      // The cells that lie in this word, whole.
      let first = (offset + step - 1) / step
      let last = (offset + width - cell) / step
      guard offset + width >= cell, first <= last, last < slots else { continue }
      guard (first...last).contains(where: { unsafe Bitmap.has($0, in: bits) }),
        let place = unsafe alignment.after(Address(pointer(old + offset))),
        unsafe place.rawValue == pointer(new + offset)
      else { continue }
      for slot in first...last { unsafe Bitmap.remove(slot, from: bits) }
    }
  }

  private func pointer(_ bytes: UnsafeRawPointer) -> UInt64 {
    let word = unsafe HitLane.word(bytes, width)
    return isSwapped ? word.byteSwapped(width: width) : word
  }
}
