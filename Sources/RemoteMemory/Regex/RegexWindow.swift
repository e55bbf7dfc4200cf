#if Regex
  /// The text that is still at hand: the block being searched, and as much before it as is needed.
  /// Positions count from the beginning of the text.
  @safe struct RegexWindow {
    private var kept: [UInt8] = []
    private(set) var start: Int
    private var blockStart: Int
    private var block = unsafe UnsafeRawBufferPointer(start: nil, count: 0)

    /// An empty window on text that begins at this position.
    init(start: Int) {
      self.start = start
      blockStart = start
    }

    /// One behind the last byte at hand.
    var end: Int { unsafe blockStart &+ block.count }

    /// Adds a block, which stays where it is until `dropBlock`.
    mutating func add(_ block: UnsafeRawBufferPointer) { unsafe self.block = block }

    /// Lets go of the block, and keeps what lies at `position` and behind it.
    mutating func dropBlock(keepingFrom position: Int) {
      let position = min(max(position, start), end)
      if position >= blockStart {
        kept.removeAll(keepingCapacity: true)
        start = position
      } else if position - start > kept.count / 2 {
        kept.removeFirst(position - start)
        start = position
      }
      let rest = unsafe block[max(0, start - blockStart)...]
      unsafe kept.append(contentsOf: rest)
      blockStart = start + kept.count
      unsafe block = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// The byte at a position within the window.
    subscript(position: Int) -> UInt8 {
      position >= blockStart ? unsafe block[position &- blockStart] : kept[position &- start]
    }

    /// The first position from `position` on whose byte is not in the set; `limit` when there is none.
    func firstOutside(_ set: ByteSet, from position: Int, limit: Int) -> Int {
      if set == .all { return max(position, limit) }
      var position = max(position, start)
      while position < limit, set.contains(self[position]) { position &+= 1 }
      return position
    }

    /// The start of the bytes of the set that end at `position`, not below `limit`; nil when it is not
    /// found within so many steps.
    func runStart(_ set: ByteSet, endingAt position: Int, limit: Int, steps: Int = .max) -> Int? {
      if set == .all { return min(position, limit) }
      let last = steps < position - limit ? position - steps : limit
      var position = position
      while position > last, set.contains(self[position &- 1]) { position &-= 1 }
      return position > last || last == limit ? position : nil
    }

    /// Calls `body` with the bytes of a range within the window, in one piece or two.
    func forEachPiece(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
      let inBlock = range.clamped(to: blockStart..<max(blockStart, end))
      let inKept = range.clamped(to: start..<max(start, blockStart))
      if !inKept.isEmpty {
        unsafe kept.withUnsafeBytes { bytes in
          let low = inKept.lowerBound - start
          unsafe body(UnsafeRawBufferPointer(rebasing: bytes[low..<low + inKept.count]))
        }
      }
      if !inBlock.isEmpty {
        let low = inBlock.lowerBound - blockStart
        unsafe body(UnsafeRawBufferPointer(rebasing: block[low..<low + inBlock.count]))
      }
    }
  }
#endif
