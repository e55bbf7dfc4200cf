#if Regex
  /// Text in UTF-16 as it is made into UTF-8, and the way back to where a character came from.
  ///
  /// A surrogate without its other half becomes the byte 0xff, which no pattern for text matches.
  struct UTF16Text {
    /// A place where a character begins: in the text, and in memory.
    private struct Checkpoint {
      let text: Int
      let source: Int
    }

    /// A checkpoint stands at least every so many units.
    private static let checkpointUnits = 64
    static let unpaired: UInt8 = 0xff

    private var checkpoints: [Checkpoint] = []
    private let isBigEndian: Bool
    private var oddByte: UInt8?
    private var highSurrogate: UInt16?
    /// How many bytes to leave out at the beginning.
    private var skipped: Int
    private var source: Int
    private var text = 0

    /// Text whose first byte lies at `source`, in phase 0 or 1.
    init(source: Int, phase: Int, isBigEndian: Bool) {
      self.source = source + phase
      skipped = phase
      self.isBigEndian = isBigEndian
    }

    /// Appends the UTF-8 of a block to `output`, for which there is room for 3 bytes a unit and 6 more.
    mutating func transcode(_ block: UnsafeRawBufferPointer, into output: inout [UInt8]) {
      var block = unsafe UnsafeRawBufferPointer(rebasing: block.dropFirst(skipped))
      skipped = 0
      checkpoints.append(Checkpoint(text: text, source: source - (highSurrogate == nil ? 0 : 2)))
      if let first = oddByte, let second = unsafe block.first {
        let unit = UInt16(first) | UInt16(second) << 8
        put(isBigEndian ? unit.byteSwapped : unit, into: &output)
        oddByte = nil
        unsafe block = UnsafeRawBufferPointer(rebasing: block.dropFirst())
      }
      let units = block.count / 2
      var unit = 0
      while unit < units {
        checkpoints.append(
          Checkpoint(text: text, source: source &- (highSurrogate == nil ? 0 : 2)))
        let end = min(unit &+ Self.checkpointUnits, units)
        while unit < end {
          let value = unsafe block.loadUnaligned(fromByteOffset: 2 &* unit, as: UInt16.self)
          put(isBigEndian ? value.byteSwapped : value, into: &output)
          unit &+= 1
        }
      }
      if block.count & 1 != 0 { oddByte = unsafe block.last }
    }

    /// Ends the text: what is open is unpaired.
    mutating func end(into output: inout [UInt8]) {
      if highSurrogate != nil { putByte(Self.unpaired, &output) }
      highSurrogate = nil
    }

    private mutating func putByte(_ byte: UInt8, _ output: inout [UInt8]) {
      output.append(byte)
      text &+= 1
    }

    private mutating func put(_ unit: UInt16, into output: inout [UInt8]) {
      defer { source &+= 2 }
      if unit < 0x80 && highSurrogate == nil {
        return putByte(UInt8(truncatingIfNeeded: unit), &output)
      }
      if let high = highSurrogate {
        highSurrogate = nil
        if unit & 0xfc00 == 0xdc00 {
          return putScalar(0x10000 + UInt32(high & 0x3ff) << 10 + UInt32(unit & 0x3ff), &output)
        }
        putByte(Self.unpaired, &output)
      }
      switch unit & 0xfc00 {
      case 0xd800: highSurrogate = unit
      case 0xdc00: putByte(Self.unpaired, &output)
      default: putScalar(UInt32(unit), &output)
      }
    }

    private mutating func putScalar(_ scalar: UInt32, _ output: inout [UInt8]) {
      func tail(_ shift: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: scalar >> shift & 0x3f | 0x80)
      }
      switch scalar {
      case ..<0x80: putByte(UInt8(truncatingIfNeeded: scalar), &output)
      case ..<0x800:
        putByte(UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6), &output)
        putByte(tail(0), &output)
      case ..<0x10000:
        putByte(UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12), &output)
        putByte(tail(6), &output)
        putByte(tail(0), &output)
      default:
        putByte(UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18), &output)
        putByte(tail(12), &output)
        putByte(tail(6), &output)
        putByte(tail(0), &output)
      }
    }

    /// Forgets the way back for text before this position, as far as it can, and says how far: the
    /// text from there on is still needed.
    mutating func forget(before position: Int) -> Int {
      let first = checkpoints.partitioningIndex { $0.text > position }
      if first > 1 { checkpoints.removeFirst(first - 1) }
      return checkpoints.first?.text ?? position
    }

    /// Where in memory the character at a position of the text begins; the window holds the text.
    func source(of position: Int, in window: RegexWindow) -> Int {
      let index = checkpoints.partitioningIndex { $0.text > position }
      guard index > 0 else { return checkpoints.first?.source ?? source }
      return walk(from: checkpoints[index - 1], in: window) { text, _ in text >= position }.source
    }

    /// The position of the first character that begins at or behind a place in memory; nil when the
    /// window ends before.
    func position(ofSource place: Int, in window: RegexWindow) -> Int? {
      let index = checkpoints.partitioningIndex { $0.source > place }
      guard index > 0 else { return checkpoints.first?.text ?? 0 }
      let found = walk(from: checkpoints[index - 1], in: window) { _, source in source >= place }
      return found.source >= place ? found.text : nil
    }

    private func walk(
      from checkpoint: Checkpoint, in window: RegexWindow, until isReached: (Int, Int) -> Bool
    ) -> Checkpoint {
      var (text, source) = (checkpoint.text, checkpoint.source)
      while !isReached(text, source), text < window.end {
        let byte = window[text]
        text &+= byte < 0xc0 || byte == Self.unpaired ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
        source &+= byte >= 0xf0 && byte != Self.unpaired ? 4 : 2
      }
      return Checkpoint(text: text, source: source)
    }
  }

  extension Array {
    /// The first index whose element fits, where all that fit stand behind all that do not.
    fileprivate func partitioningIndex(where fits: (Element) -> Bool) -> Int {
      var low = 0
      var high = count
      while low < high {
        let middle = (low &+ high) / 2
        if fits(self[middle]) { high = middle } else { low = middle &+ 1 }
      }
      return low
    }
  }
#endif
