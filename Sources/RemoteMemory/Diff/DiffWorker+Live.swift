import CScanKernels
import MemoryModel

extension DiffWorker {
  /// Reads pieces of a live process and compares them with a snapshot while they are in cache. Of
  /// each page that is not what it was the changed words are kept, so that the later memory can be
  /// read again as it was now.
  func compare(_ pieces: ArraySlice<DiffPiece>, with later: LaterPages) throws(RemoteMemoryError) {
    after.begin()
    var total = 0
    for piece in pieces where later.isPopulated(piece) {
      after.add(piece.pages)
      total += Int(piece.pages.count)
    }
    let gaps = total > 0 ? unsafe try after.read(total) : []
    var offset = 0
    var gap = 0
    for piece in pieces {
      let size = Int(piece.pages.count)
      guard later.isPopulated(piece) else {
        try unsafe compare(piece, 0..<size, with: later.zeroes.bytes, later)
        continue
      }
      var start = 0
      while start < size {
        while gap < gaps.count, gaps[gap].offset + gaps[gap].count <= offset + start { gap += 1 }
        let isHole = gap < gaps.count && gaps[gap].offset < offset + start + later.table.pageSize
        var end = size
        if isHole {
          end = start + later.table.pageSize
          leaveOut(piece, start..<end, later)
        } else {
          // Up to the page in which the next hole begins.
          if gap < gaps.count {
            let distance = (gaps[gap].offset - offset) / later.table.pageSize
            end = min(end, distance * later.table.pageSize)
          }
          try unsafe compare(piece, start..<end, with: after.room + offset, later)
        }
        start = end
      }
      offset += size
    }
  }

  /// Notes pages of a piece that could not be read.
  private func leaveOut(_ piece: DiffPiece, _ part: Range<Int>, _ later: LaterPages) {
    let inside = Int(piece.after &- piece.pages.start.rawValue)
    note(hole: (part.lowerBound - inside)..<(part.upperBound - inside), of: piece)
    later.table.setHole(later.number(of: piece.pages.start.rawValue &+ UInt64(part.lowerBound)))
  }

  /// Compares whole pages of a piece, whose first byte lies at `new`.
  private func compare(
    _ piece: DiffPiece, _ part: Range<Int>, with new: UnsafeRawPointer, _ later: LaterPages
  ) throws(RemoteMemoryError) {
    let base = piece.pages.start.rawValue
    let inside = Int(piece.after &- base)
    var start = part.lowerBound
    while start < part.upperBound {
      let place = Address(base &+ UInt64(start))
      let old = later.before.stretch(at: place, limit: UInt64(part.upperBound - start))
      let end = start + Int(old.count)
      let wanted = max(start, inside)..<max(start, inside, min(end, inside + piece.count))
      let cells = (wanted.lowerBound - start)..<(wanted.upperBound - start)
      switch old {
      case .hole:
        note(hole: (start - inside)..<(end - inside), of: piece)
        try unsafe keep(place, end - start, new + start, nil, isMarked: false, later)
      case .zeroes:
        bytesCompared &+= UInt64(cells.count)
        try unsafe compare(place, end - start, new + start, later.zeroes.bytes, cells, later)
      case .bytes(let bytes, _):
        bytesCompared &+= UInt64(cells.count)
        try unsafe compare(place, end - start, new + start, bytes, cells, later)
      }
      start = end
    }
  }

  /// Compares pages of which both are there.
  /// - Parameter wanted: in which of their bytes cells may lie.
  private func compare(
    _ place: Address, _ count: Int, _ new: UnsafeRawPointer, _ old: UnsafeRawPointer,
    _ wanted: Range<Int>, _ later: LaterPages
  ) throws(RemoteMemoryError) {
    let found = unsafe try mark(
      base: place.rawValue, old, new, wanted, starts: wanted.upperBound)
    let isAll = wanted.count == count && cells.coversAll
    if isAll, found == 0 {
      bytesShared &+= UInt64(count)
      return
    }
    let isMarked =
      isAll && cells.width == later.changes.unit && count / cells.width <= HitChunk.mostSlots
    unsafe try keep(place, count, new, old, isMarked: isMarked, later)
  }

  /// Keeps what has changed in some pages; all of them where there is nothing old.
  /// - Parameter isMarked: whether `bits` says of all their words which have changed.
  private func keep(
    _ place: Address, _ count: Int, _ new: UnsafeRawPointer, _ old: UnsafeRawPointer?,
    isMarked: Bool, _ later: LaterPages
  ) throws(RemoteMemoryError) {
    let size = later.changes.pageSize
    let bitWords = later.changes.bitmapBytes / 8
    var number = later.number(of: place.rawValue)
    for offset in stride(from: 0, to: count, by: size) {
      defer { number += 1 }
      var marks = unsafe bits.words
      var words = size / later.changes.unit
      if isMarked {
        unsafe marks += offset / size * bitWords
        words = unsafe pvk_count(marks, bitWords)
      } else if let old = unsafe old {
        words = unsafe later.changes.mark(new + offset, old + offset, into: marks)
      } else {
        unsafe marks.update(repeating: .max, count: bitWords)
      }
      if words == 0 {
        bytesShared &+= UInt64(size)
        continue
      }
      let kept = unsafe try later.changes.keep(new + offset, marks, count: words, in: &changes)
      unsafe later.table.set(number, to: kept.place)
      unsafe bytesKept &+= UInt64(kept.byteCount)
    }
  }
}
