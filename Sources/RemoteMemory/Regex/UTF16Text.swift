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
    /// The first half of a surrogate pair that waits for its second; 0 for none.
    private var highSurrogate: UInt16 = 0
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

    /// How many bytes of UTF-8 a block of so many bytes can become.
    static func roomBytes(for count: Int) -> Int { count / 2 * 3 + 8 }

    /// Writes the UTF-8 of a block to `output`, which has the room for it, and says how much it is.
    mutating func transcode(
      _ block: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>
    ) -> Int {
      var block = unsafe UnsafeRawBufferPointer(rebasing: block.dropFirst(skipped))
      skipped = 0
      let before = text
      var output = unsafe output
      addCheckpoint()
      if let first = oddByte, let second = unsafe block.first {
        let unit = UInt16(first) | UInt16(second) << 8
        unsafe put(isBigEndian ? unit.byteSwapped : unit, &output)
        oddByte = nil
        unsafe block = unsafe UnsafeRawBufferPointer(rebasing: block.dropFirst())
      }
      let units = block.count / 2
      var unit = 0
      while unit < units {
        addCheckpoint()
        let end = min(unit &+ Self.checkpointUnits, units)
        while unit < end {
          if end &- unit >= 4, unsafe putASCII(block, unit, &output) {
            unit &+= 4
            continue
          }
          let value = unsafe block.loadUnaligned(fromByteOffset: 2 &* unit, as: UInt16.self)
          unsafe put(isBigEndian ? value.byteSwapped : value, &output)
          unit &+= 1
        }
      }
      if block.count & 1 != 0 { oddByte = unsafe block.last }
      return text - before
    }

    /// Ends the text: what is open is unpaired. Writes so many bytes.
    mutating func end(into output: UnsafeMutablePointer<UInt8>) -> Int {
      guard highSurrogate != 0 else { return 0 }
      highSurrogate = 0
      text &+= 1
      unsafe output.pointee = Self.unpaired
      return 1
    }

    private mutating func addCheckpoint() {
      checkpoints.append(Checkpoint(text: text, source: source &- (highSurrogate == 0 ? 0 : 2)))
    }

    /// Four units at once, when they are ASCII.
    private mutating func putASCII(
      _ block: UnsafeRawBufferPointer, _ unit: Int, _ output: inout UnsafeMutablePointer<UInt8>
    ) -> Bool {
      var units = unsafe block.loadUnaligned(fromByteOffset: 2 &* unit, as: UInt64.self)
        .littleEndian
      let others: UInt64 = isBigEndian ? 0x80ff_80ff_80ff_80ff : 0xff80_ff80_ff80_ff80
      guard units & others == 0, highSurrogate == 0 else { return false }
      if isBigEndian { units &>>= 8 }
      units = (units | units &>> 8) & 0x0000_ffff_0000_ffff
      let packed = UInt32(truncatingIfNeeded: units | units &>> 16)
      unsafe UnsafeMutableRawPointer(output).storeBytes(of: packed.littleEndian, as: UInt32.self)
      unsafe output += 4
      text &+= 4
      source &+= 8
      return true
    }

    private mutating func put(_ unit: UInt16, _ output: inout UnsafeMutablePointer<UInt8>) {
      source &+= 2
      if highSurrogate != 0 {
        let high = highSurrogate
        highSurrogate = 0
        if unit & 0xfc00 == 0xdc00 {
          let scalar = 0x10000 + UInt32(high & 0x3ff) << 10 + UInt32(unit & 0x3ff)
          return unsafe write(scalar, 4, 0xf0, &output)
        }
        unsafe write(UInt32(Self.unpaired), 1, 0, &output)
      }
      switch unit {
      case ..<0x80: unsafe write(UInt32(unit), 1, 0, &output)
      case ..<0x800: unsafe write(UInt32(unit), 2, 0xc0, &output)
      case 0xd800...0xdbff: highSurrogate = unit
      case 0xdc00...0xdfff: unsafe write(UInt32(Self.unpaired), 1, 0, &output)
      default: unsafe write(UInt32(unit), 3, 0xe0, &output)
      }
    }

    /// Writes a scalar as so many bytes, the first of which has these bits set.
    @inline(__always)
    private mutating func write(
      _ scalar: UInt32, _ count: Int, _ head: UInt8, _ output: inout UnsafeMutablePointer<UInt8>
    ) {
      var shift = UInt32(6 &* (count &- 1))
      unsafe output[0] = head | UInt8(truncatingIfNeeded: scalar &>> shift)
      for index in 1..<max(1, count) {
        shift &-= 6
        unsafe output[index] = 0x80 | UInt8(truncatingIfNeeded: scalar &>> shift & 0x3f)
      }
      unsafe output += count
      text &+= count
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
