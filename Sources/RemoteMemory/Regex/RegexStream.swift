internal import MemoryModel

/// The search for the patterns of a set through one contiguous stretch of memory, or a segment of it,
/// block by block. Each thread has its own; it can be used for one segment after the other.
///
/// ```
/// let range = try stream.begin(segment, of: stretchBytes)    // what to feed: a little more
/// for block in range { try stream.feed(block) }
/// findings.append(stream.finish())                           // then RegexFindings.join(findings)
/// ```
public final class RegexStream {
  /// How many bytes around a match are looked at for `\b`, `^` and `$`.
  static let contextBytes = 16

  private let set: RegexSet
  private var range = 0..<0
  private var stretchBytes = 0
  #if Regex
    private var scanners: [RegexScanner] = []
    /// Room for the text of a block.
    private var text: [UInt8] = []
  #endif

  /// A stream for one thread.
  ///
  /// - Throws: `RegexError` where there is not enough memory.
  public init(_ set: RegexSet) throws(RegexError) {
    self.set = set
    #if Regex
      let scratch = try RegexScratch(set)
      for _ in stride(from: 0, to: set.encoding.unitBytes, by: set.alignment) {
        scanners.append(RegexScanner(set, scratch))
      }
    #endif
  }

  /// Begins a segment of a stretch of so many bytes, and says what to feed: from at most the greatest
  /// length of a match before the segment, to a few bytes behind it. A stretch begins at a multiple of
  /// the alignment of the text.
  ///
  /// Found is every match that ends in the segment behind its first byte, up to its end.
  public func begin(_ segment: Range<Int>, of stretchBytes: Int) throws(RegexError) -> Range<Int> {
    let segment = segment.clamped(to: 0..<max(0, stretchBytes))
    let grid = segment.lowerBound % set.maximumMatchLength
    let isWide = set.leadBytes >= set.maximumMatchLength
    let low = segment.lowerBound - (isWide ? grid : 0) - set.leadBytes - Self.contextBytes
    let start = max(0, low) & ~1
    let (high, overflows) = segment.upperBound.addingReportingOverflow(2 * Self.contextBytes)
    range = start..<max(start, overflows ? stretchBytes : min(stretchBytes, high))
    self.stretchBytes = stretchBytes
    #if Regex
      for phase in scanners.indices {
        let isBigEndian = set.encoding == .utf16be
        let utf16 = UTF16Text(source: start, phase: phase, isBigEndian: isBigEndian)
        try scanners[phase].begin(
          segment, start: start, utf16: set.encoding.unitBytes == 2 ? utf16 : nil)
      }
    #endif
    return range
  }

  /// Begins a stretch as one segment.
  public func begin(stretchBytes: Int) throws(RegexError) -> Range<Int> {
    try begin(0..<max(0, stretchBytes), of: stretchBytes)
  }

  /// Searches the next bytes of the range to feed.
  ///
  /// - Throws: `RegexError` when libhs fails, for which no reason is known.
  public func feed(_ bytes: UnsafeRawBufferPointer) throws(RegexError) {
    #if Regex
      var start = 0
      while start < bytes.count {
        let count = min(bytes.count - start, Self.largestBlock)
        try unsafe feedBlock(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
        start += count
      }
    #endif
  }

  /// Ends the segment, and gives what was found.
  public func finish() throws(RegexError) -> RegexFindings {
    #if Regex
      let isEnd = range.upperBound == stretchBytes
      var lanes: [RegexFindings.Lane] = []
      for scanner in scanners {
        unsafe try feedText(nil, to: scanner)
        lanes += scanner.finish(isEndOfStretch: isEnd)
      }
      return RegexFindings(lanes: lanes)
    #else
      return RegexFindings(lanes: [])
    #endif
  }
}

#if Regex
  extension RegexStream {
    /// So many bytes are searched at once, since libhs counts in 32 bits.
    private static let largestBlock = 1 << 28

    private func feedBlock(_ block: UnsafeRawBufferPointer) throws(RegexError) {
      if set.encoding.unitBytes == 1 {
        for scanner in scanners { try unsafe scanner.feed(block) }
        return
      }
      for scanner in scanners { unsafe try feedText(block, to: scanner) }
    }

    /// Searches the text of a block of UTF-16; of none: what is left at the end.
    private func feedText(
      _ block: UnsafeRawBufferPointer?, to scanner: RegexScanner
    ) throws(RegexError) {
      let room = unsafe UTF16Text.roomBytes(for: block?.count ?? 0)
      if text.count < room { text = [UInt8](repeating: 0, count: room) }
      var failure: RegexError?
      unsafe text.withUnsafeMutableBufferPointer { buffer in
        guard let output = buffer.baseAddress else { return }
        let count: Int
        if let block = unsafe block {
          count = unsafe scanner.utf16?.transcode(block, into: output) ?? 0
        } else {
          count = unsafe scanner.utf16?.end(into: output) ?? 0
        }
        do throws(RegexError) {
          unsafe try scanner.feed(UnsafeRawBufferPointer(start: output, count: count))
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }
#endif
