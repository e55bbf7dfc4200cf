#if Regex
  internal import CVectorscan
  internal import MemoryModel

  /// The search through one text: of bytes as they are, or of UTF-8 made from UTF-16.
  ///
  /// A pattern's end reported by the quick pass opens a *unit*: the piece of text up to where its
  /// matches must end, at a byte outside the pattern's alphabet or at the end of a cell. The exact pass
  /// over the unit, and over what before it can belong to its matches, finds the starts. For a pattern
  /// whose matches have no greatest length, cells lie on a grid counted from the beginning of the
  /// stretch, so that the outcome does not depend on blocks and segments.
  @safe final class RegexScanner {
    let set: RegexSet
    private let scratch: RegexScratch
    private var stream: OpaquePointer?
    var lanes: [RegexLane] = []
    var window = RegexWindow(start: 0)
    var utf16: UTF16Text?
    private var zone = 0..<0
    private var streamStart = 0
    /// For each pattern the bytes of the last unit, whose ends are looked at anyway.
    private let lookedAt: UnsafeMutablePointer<Range<Int>>

    init(_ set: RegexSet, _ scratch: RegexScratch) {
      self.set = set
      self.scratch = scratch
      unsafe lookedAt = .allocate(capacity: set.plans.count)
      unsafe lookedAt.initialize(repeating: 0..<0, count: set.plans.count)
    }

    deinit {
      endStream(reports: false)
      unsafe lookedAt.deallocate()
    }

    /// Starts a segment whose first byte lies at `start`; counted are ends in `zone` but its start.
    func begin(_ zone: Range<Int>, start: Int, utf16: UTF16Text?) throws(RegexError) {
      endStream(reports: false)
      self.zone = zone
      self.utf16 = utf16
      streamStart = utf16 == nil ? start : 0
      window = RegexWindow(start: streamStart)
      unsafe lookedAt.update(repeating: 0..<0, count: set.plans.count)
      lanes = set.plans.indices.map {
        RegexLane(set.plans[$0], pattern: $0, start: zone.lowerBound)
      }
      let status = unsafe pvh_open_stream(set.quick.pointer, &stream)
      if status != 0 { throw RegexError(reason: "out of memory") }
    }

    /// Searches the next block of text.
    func feed(_ block: UnsafeRawBufferPointer) throws(RegexError) {
      guard unsafe !block.isEmpty else { return }
      unsafe window.add(block)
      extendOpenUnits()
      let status = unsafe withEnds { context in
        unsafe pvh_feed_stream(
          stream, block.baseAddress, block.count, scratch.pointer, Self.noteEnd, context)
      }
      if status != 0 { throw RegexError(reason: "libhs failed with \(status)") }
      lookAtUnits(isEnd: false)
      let needed = leastNeeded()
      window.dropBlock(keepingFrom: utf16?.forget(before: max(needed, window.start)) ?? needed)
    }

    /// Ends the segment; `isEndOfStretch` when nothing follows, so that a line ends here too.
    func finish(isEndOfStretch: Bool) -> [RegexFindings.Lane] {
      endStream(reports: isEndOfStretch)
      lookAtUnits(isEnd: true)
      return lanes.indices.map { lanes[$0].reducer.finish() }
    }

    private func endStream(reports: Bool) {
      guard let open = unsafe stream else { return }
      unsafe stream = nil
      _ = unsafe withEnds { context in
        unsafe pvh_end_stream(open, scratch.pointer, reports ? Self.noteEnd : nil, context)
      }
    }

    // MARK: The quick pass

    private static let noteEnd: RegexLibrary.Handler = { pattern, _, end, _, context in
      guard let ends = unsafe context?.assumingMemoryBound(to: RegexEnds.self) else { return 1 }
      let end = unsafe ends.pointee.origin &+ Int(truncatingIfNeeded: end)
      if unsafe ends.pointee.lookedAt[Int(pattern)].contains(end &- 1) { return 0 }
      unsafe ends.pointee.scanner.takeUnretainedValue().note(Int(pattern), end)
      return 0
    }

    /// Calls `body` with what the handler of the quick pass needs.
    private func withEnds<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
      var ends = unsafe RegexEnds(
        origin: streamStart, lookedAt: lookedAt, scanner: Unmanaged.passUnretained(self))
      return unsafe withUnsafeMutablePointer(to: &ends) { unsafe body(UnsafeMutableRawPointer($0)) }
    }

    /// A match of this pattern ends here.
    private func note(_ pattern: Int, _ end: Int) {
      if utf16 == nil && (end <= zone.lowerBound || end > zone.upperBound) { return }
      if lanes[pattern].exactBytes != nil { return lanes[pattern].ends.append(end) }
      var unit = RegexUnit(from: end - 1)
      extend(&unit, of: pattern)
      unsafe lookedAt[pattern] = unit.from..<(unit.to ?? .max)
      lanes[pattern].units.append(unit)
    }

    private func extendOpenUnits() {
      for pattern in lanes.indices {
        guard var last = lanes[pattern].units.last, last.to == nil else { continue }
        extend(&last, of: pattern)
        lanes[pattern].units[lanes[pattern].units.count - 1] = last
        unsafe lookedAt[pattern] = last.from..<(last.to ?? .max)
      }
    }

    /// Looks for the end of a unit in the text at hand.
    private func extend(_ unit: inout RegexUnit, of pattern: Int) {
      let limit = limit(of: unit, of: pattern)
      let known = min(limit, window.end)
      let alphabet = lanes[pattern].alphabet
      let place = window.firstOutside(alphabet, from: unit.scanned, limit: known)
      unit.scanned = place
      if place < known || place >= limit { unit.to = place }
    }

    /// Where a unit ends at the latest: `Int.max` when the end of its cell is not known yet.
    private func limit(of unit: RegexUnit, of pattern: Int) -> Int {
      if lanes[pattern].mostBytes != nil { return unit.from + RegexLane.unitBytes }
      let cell = cell(of: unit.from + 1) + set.maximumMatchLength
      return utf16 == nil ? cell : utf16?.position(ofSource: cell, in: window) ?? .max
    }

    /// Where in memory the cell begins that an end at this position of the text belongs to.
    private func cell(of end: Int) -> Int {
      let place = max(1, source(of: end)) - 1
      return place - place % set.maximumMatchLength
    }

    private func source(of position: Int) -> Int {
      utf16?.source(of: position, in: window) ?? position
    }

    // MARK: The exact pass

    /// Looks at the units that are complete, and settles what they can no longer change.
    private func lookAtUnits(isEnd: Bool) {
      for pattern in lanes.indices {
        addExactEnds(of: pattern)
        let units = lanes[pattern].units
        if !units.isEmpty {
          lanes[pattern].units = units.filter { unit in
            var unit = unit
            if isEnd && unit.to == nil { unit.to = window.end }
            guard let end = unit.to, isEnd || window.end >= end + RegexStream.contextBytes else {
              return true
            }
            look(at: unit, upTo: end, of: pattern)
            return false
          }
        }
        if !lanes[pattern].reducer.isEmpty {
          lanes[pattern].reducer.settle(before: horizon(of: pattern))
        }
      }
    }

    /// Ends of a pattern whose matches are all as long.
    private func addExactEnds(of pattern: Int) {
      guard let count = lanes[pattern].exactBytes, !lanes[pattern].ends.isEmpty else { return }
      for end in lanes[pattern].ends { add(end - count, end, to: pattern) }
      lanes[pattern].ends.removeAll(keepingCapacity: true)
    }

    /// Adds a match in the text, unless it ends outside the zone or is too long.
    private func add(_ start: Int, _ end: Int, to pattern: Int) {
      let first = source(of: start)
      let last = source(of: end)
      guard last > zone.lowerBound, last <= zone.upperBound, last > first,
        last - first <= set.maximumMatchLength
      else { return }
      lanes[pattern].reducer.add(first, last)
    }

    private func look(at unit: RegexUnit, upTo end: Int, of pattern: Int) {
      guard let exact = set.plans[pattern].exact else { return }
      let start = windowStart(of: unit.from, of: pattern) ?? window.start
      let low = max(start - RegexStream.contextBytes, window.start)
      let high = min(end + RegexStream.contextBytes, window.end)
      guard low < high else { return }
      var first = unit.from + 1
      var last = end
      var most = Int.max
      if utf16 == nil {
        (first, last) = (max(first, zone.lowerBound + 1), min(last, zone.upperBound))
        most = set.maximumMatchLength
      }
      guard first <= last else { return }
      var pairs = RegexPairs(origin: low, ends: first...last, most: most)
      unsafe withUnsafeMutablePointer(to: &pairs) { context in
        var stream: OpaquePointer?
        guard unsafe pvh_open_stream(exact.pointer, &stream) == 0 else { return }
        unsafe window.forEachPiece(of: low..<high) { bytes in
          _ = unsafe pvh_feed_stream(
            stream, bytes.baseAddress, bytes.count, scratch.pointer, Self.notePair, context)
        }
        _ = unsafe pvh_end_stream(stream, scratch.pointer, Self.notePair, context)
      }
      for pair in pairs.found { add(pair.start, pair.end, to: pattern) }
    }

    private static let notePair: RegexLibrary.Handler = { _, start, end, _, context in
      unsafe context?.assumingMemoryBound(to: RegexPairs.self).pointee.note(
        Int(truncatingIfNeeded: start), Int(truncatingIfNeeded: end))
      return 0
    }

    // MARK: How far back

    /// Where the first match that ends behind `from` can begin; nil when more than `steps` bytes would
    /// have to be looked at.
    private func windowStart(of from: Int, of pattern: Int, steps: Int = .max) -> Int? {
      let bound = max(farthestStart(of: from, of: pattern), window.start)
      let alphabet = lanes[pattern].alphabet
      return window.runStart(alphabet, endingAt: from + 1, limit: bound, steps: steps)
    }

    /// The same by the greatest length of a match, or by the grid.
    private func farthestStart(of from: Int, of pattern: Int) -> Int {
      if let most = lanes[pattern].mostBytes { return from + 1 - most }
      let place = cell(of: from + 1) - set.maximumMatchLength
      return utf16 == nil ? place : utf16?.position(ofSource: place, in: window) ?? window.start
    }

    /// No match that is still to be added begins before this place in memory.
    private func horizon(of pattern: Int) -> Int {
      var place = min(source(of: window.end), zone.upperBound) - RegexStream.contextBytes
      for unit in lanes[pattern].units { place = min(place, source(of: unit.from)) }
      if let most = lanes[pattern].mostBytes { return place - most * set.encoding.unitBytes }
      let maximum = set.maximumMatchLength
      let cell = max(0, place - 1)
      return cell - cell % maximum - maximum - RegexStream.contextBytes
    }

    /// The first position that units of later blocks, or open ones, can need.
    private func leastNeeded() -> Int {
      let late = max(window.end - RegexStream.contextBytes, window.start)
      var least = late
      for pattern in lanes.indices {
        let lane = lanes[pattern]
        if let count = lane.exactBytes {
          if utf16 != nil { least = min(least, late - count) }
          continue
        }
        let from = min(late, lane.units.first?.from ?? late)
        let start = windowStart(of: max(from - 1, window.start), of: pattern, steps: 1024)
        least = min(least, start ?? farthestStart(of: from, of: pattern))
      }
      return least - RegexStream.contextBytes
    }
  }

  /// What the handler of the quick pass needs, apart from the scanner for the sake of speed.
  @safe struct RegexEnds {
    /// Where the stream begins in the text.
    let origin: Int
    let lookedAt: UnsafeMutablePointer<Range<Int>>
    let scanner: Unmanaged<RegexScanner>
  }

  /// The matches that the exact pass finds in a piece of text.
  struct RegexPairs {
    private(set) var found: [RegexCandidate] = []
    /// Where the piece begins in the text.
    private let origin: Int
    /// The ends that count.
    private let ends: ClosedRange<Int>
    /// The greatest length.
    private let most: Int

    init(origin: Int, ends: ClosedRange<Int>, most: Int) {
      self.origin = origin
      self.ends = ends
      self.most = most
    }

    /// Adds a match, given from the beginning of the piece; of one start the longest is kept.
    mutating func note(_ start: Int, _ end: Int) {
      let start = origin &+ start
      let end = origin &+ end
      guard ends.contains(end), end &- start <= most else { return }
      if let last = found.last, last.start == start {
        found[found.count &- 1].end = max(last.end, end)
      } else {
        found.append(RegexCandidate(start: start, end: end))
      }
    }
  }

  /// A piece of text in which matches of one pattern end: in `from+1...to`.
  struct RegexUnit {
    let from: Int
    /// Nil as long as it is not known.
    var to: Int?
    /// Bytes before this position are known to be of the alphabet.
    var scanned: Int

    init(from: Int) {
      self.from = from
      scanned = from + 1
    }
  }

  /// The search for one pattern.
  struct RegexLane {
    /// The length of a unit where only the pattern's alphabet could end it.
    static let unitBytes = 4096

    let alphabet: ByteSet
    let exactBytes: Int?
    let mostBytes: Int?
    /// Ends of matches that are all as long.
    var ends: [Int] = []
    /// Units to look at, the last perhaps still open.
    var units: [RegexUnit] = []
    var reducer: RegexReducer

    init(_ plan: RegexPlan, pattern: Int, start: Int) {
      alphabet = plan.alphabet
      exactBytes = plan.exactBytes
      mostBytes = plan.mostBytes
      reducer = RegexReducer(pattern: pattern, start: start)
    }
  }

  /// The working memory of libhs, for one thread at a time.
  @safe final class RegexScratch {
    private(set) var pointer: OpaquePointer?

    init(_ set: RegexSet) throws(RegexError) {
      for database in [set.quick] + set.plans.compactMap(\.exact) {
        if unsafe pvh_fit_scratch(database.pointer, &pointer) != 0 {
          throw RegexError(reason: "out of memory")
        }
      }
    }

    deinit { unsafe pvh_free_scratch(pointer) }
  }
#endif
