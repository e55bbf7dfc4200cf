public import MemoryModel

extension RemoteProcess {
  /// Puts memory back as it was: writes the old bytes where they differ, and reads them back.
  ///
  /// The process should be paused meanwhile: one that runs may work on with a mixture of both. What
  /// was never written neither then nor now is not looked at.
  /// - Parameters:
  ///   - source: what the memory was: a snapshot or a core file of this process.
  ///   - filter: which mappings; by default all that `source` holds.
  ///   - options: whether files on disk may be changed.
  /// - Returns: an outcome for each mapping in the order of addresses, those that are there first.
  ///   Mappings that are gone or cannot be written are outcomes, not errors.
  /// - Throws: `EREADONLY`, `ESRCH`, `EXEC`, `ECLOSED`, `EPERM`, `ENOMEM`, `EINTERRUPTED`.
  public func restore(
    from source: any MemorySource, in filter: RegionFilter = RegionFilter(),
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> [RestoreOutcome] {
    let held = try HeldMemory(source)
    let scope = ScanScope(filter: filter)
    var wanted = scope.regions(of: held.map).regions.map(\.range)
    scope.clip(&wanted)
    let places = held.readable.intersection(AddressRanges(wanted))
    let pass = try RestorePass(self, source, .identity, options)
    return try pass.restore(places, known: held.map, populated: held.populated)
  }

  /// Undoes what a diff says: writes the values its cells had where they are not that, and reads
  /// them back.
  /// - Parameters:
  ///   - diff: the cells; its later memory is this process at an earlier moment.
  ///   - options: whether files on disk may be changed.
  /// - Returns: as the other function.
  public func restore(_ diff: Diff, options: WriteOptions = .ordinary) throws(RemoteMemoryError)
    -> [RestoreOutcome]
  {
    let pass = try RestorePass(self, diff.before, diff.alignment, options)
    return try pass.restore(diff.places, known: diff.map, populated: nil)
  }

  /// Does again what a diff says: writes the values its cells have in its later memory where they
  /// are not that, and reads them back.
  /// - Parameters:
  ///   - diff: the cells; its later memory is this process at some moment.
  ///   - options: whether files on disk may be changed.
  /// - Returns: as `restore`.
  public func apply(_ diff: Diff, options: WriteOptions = .ordinary) throws(RemoteMemoryError)
    -> [RestoreOutcome]
  {
    let pass = try RestorePass(self, diff.after, .identity, options)
    return try pass.restore(diff.places, known: diff.map, populated: nil)
  }
}

extension Diff {
  /// The bytes of all cells.
  var places: AddressRanges {
    var places = AddressRanges()
    let width = UInt64(width)
    for lane in hits.lanes {
      var cursor = LaneCursor(lane)
      while !cursor.isAtEnd {
        places.append(AddressRange(start: Address(cursor.address), count: width))
        cursor.advance()
      }
    }
    return places
  }
}
