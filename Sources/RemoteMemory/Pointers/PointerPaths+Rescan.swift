public import MemoryModel

extension PointerPaths {
  /// How many paths are followed together.
  private static let batchCount = 16_384

  /// Keeps the paths that lead to an address in some memory as it is now: the same process later, or
  /// another run of the program.
  ///
  /// The outcome says nothing of a map, since only the paths are followed.
  /// - Parameters:
  ///   - source: where they are followed.
  ///   - address: what they are to lead to.
  ///   - progress: called now and then; false ends it with the paths that were kept so far.
  /// - Throws: `EINVAL` for memory with other pointers; `ESRCH` and `EXEC` when the process goes.
  public func rescanned(
    in source: any MemorySource, to address: Address, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> PointerPaths {
    try checkForm(source)
    let start = Clock.now
    let now = try source.regionMap().pointerBases
    let moved = bases.map { base in
      base.kind == .absolute ? base : now.first(where: base.isLike)
    }
    var kept: [Int] = []
    var outcome = Outcome()
    outcome.isLimited = self.outcome.isLimited
    outcome.isComplete = self.outcome.isComplete
    var number = 0
    while number < count {
      let batch = number..<min(number + Self.batchCount, count)
      guard let found = try follow(batch, moved, source, to: address) else {
        outcome.isComplete = false
        break
      }
      kept += found
      number = batch.upperBound
      let told = ScanProgress(
        bytesDone: UInt64(number), bytesTotal: UInt64(count), hits: kept.count,
        seconds: Clock.now - start)
      if progress?(told) == false {
        outcome.isComplete = number == count && outcome.isComplete
        break
      }
    }
    outcome.seconds = Clock.now - start
    return keeping(
      kept, target: address, label: source.label,
      bases: zip(bases, moved).map { $1 ?? $0 }, outcome: outcome)
  }

  private func checkForm(_ source: any MemorySource) throws(RemoteMemoryError) {
    guard source.pointerWidth == pointerWidth, source.byteOrder == byteOrder else {
      throw RemoteMemoryError(
        .scan, .invalid, process: source.processID,
        detail: "the paths are of \(pointerWidth.bits)-bit pointers, \(source.label) has "
          + "\(source.pointerWidth.bits)-bit ones"
          + (source.byteOrder == byteOrder ? "" : " in another byte order"))
    }
  }

  /// The numbers of those in a batch that lead to an address; nil when that was interrupted.
  private func follow(
    _ batch: Range<Int>, _ moved: [PointerBase?], _ source: any MemorySource, to address: Address
  ) throws(RemoteMemoryError) -> [Int]? {
    var numbers: [Int] = []
    var chains: [PointerChain] = []
    for number in batch {
      let record = records[number]
      guard let base = moved[Int(record.base)] else { continue }
      numbers.append(number)
      chains.append(
        PointerChain(
          base: Address(base.start.rawValue &+ record.offset),
          offsets: offsets(of: record).map { Int64($0) }))
    }
    let outcomes: [PointerChain.Outcome]
    do throws(RemoteMemoryError) {
      outcomes = try source.resolveAll(chains)
    } catch {
      guard error.cause == .interrupted else { throw error }
      return nil
    }
    let wanted = pointerWidth == .four ? address.rawValue & 0xFFFF_FFFF : address.rawValue
    return zip(numbers, outcomes).compactMap { number, outcome in
      guard let end = outcome.address?.rawValue else { return nil }
      return (pointerWidth == .four ? end & 0xFFFF_FFFF : end) == wanted ? number : nil
    }
  }
}

extension PointerPaths {
  /// The paths that are in both: from the same place in the same module or region, with the same
  /// offsets, wherever it lay. What they lead to, and their order, is as here.
  public func intersection(_ other: PointerPaths) -> PointerPaths {
    let mine = bases.map { base in other.bases.firstIndex(where: base.isLike) }
    var theirs: Set<Key> = []
    theirs.reserveCapacity(other.count)
    for record in other.records {
      theirs.insert(
        Key(base: Int(record.base), offset: record.offset, offsets: other.offsets(of: record)))
    }
    let kept = records.indices.filter { index in
      let record = records[index]
      guard let base = mine[Int(record.base)] else { return false }
      return theirs.contains(
        Key(base: base, offset: record.offset, offsets: offsets(of: record)))
    }
    var outcome = Outcome()
    outcome.isComplete = self.outcome.isComplete && other.outcome.isComplete
    outcome.isLimited = self.outcome.isLimited || other.outcome.isLimited
    return keeping(Array(kept), outcome: outcome)
  }

  private struct Key: Hashable {
    let base: Int
    let offset: UInt64
    let offsets: ArraySlice<Int32>
  }
}
