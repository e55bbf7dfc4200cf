public import MemoryModel

extension Diff {
  /// The cells that have changed in some way: increased, decreased by 5, ...
  /// - Throws: `EINVAL` and `ERANGE` for a change that makes no sense for the type; `ENOMEM`;
  ///   `EINTERRUPTED`.
  public func keeping(
    _ change: ValueChange, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> Diff {
    let passing = try hits.compared(change, progress: progress)
    // Those have the new values; what stays here keeps the old ones.
    return with(try hits.intersection(passing).retitled(hits.title + ", \(change)"))
  }

  /// The cells whose value has changed by at least so much, up or down. Of integers by what the
  /// machine computes, which wraps in their width; a NaN that came or went is a change of any size.
  /// - Throws: as `keeping`.
  public func keeping(
    atLeast least: Double, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> Diff {
    guard least > 0 else { return self }
    let isReal = format.type == .f32 || format.type == .f64
    let below = isReal ? least.nextDown : least.rounded(.up) - 1
    if below <= 0 { return self }
    let small = try hits.compared(.byBetween(.real(-below), .real(below)), progress: progress)
    return with(try hits.minus(small).retitled(hits.title + ", by \(least) or more"))
  }

  /// The cells that were and are pointers: the old value points into what was mapped then and the
  /// new one into what is mapped now, or one of them is 0.
  /// - Throws: `ENOTSUP` for cells that are not as wide as a pointer; `ENOMEM`; `EINTERRUPTED`.
  public func pointers() throws(RemoteMemoryError) -> Diff {
    guard width == after.pointerWidth.bytes, !(format.type == .f32 || format.type == .f64) else {
      throw RemoteMemoryError(
        .compare, .unsupported, process: after.processID,
        detail: "cells of type \(format.name) are no pointers; compare as \"ptr\"")
    }
    let then = AddressRanges(try before.regionMap().regions.map(\.range))
    let now = AddressRanges(map.regions.map(\.range))
    return try keepingCells("pointers") { old, new in
      guard let old, let new else { return false }
      if old == 0 || new == 0 { return then.contains(Address(old)) || now.contains(Address(new)) }
      return then.contains(Address(old)) && now.contains(Address(new))
    }
  }

  /// The cells for whose old and new bits a condition holds; nil for what cannot be read.
  private func keepingCells(_ title: String, _ holds: (UInt64?, UInt64?) -> Bool)
    throws(RemoteMemoryError) -> Diff
  {
    do {
      let kept = try hits.keeping(title) { numbers in
        let old = hits.oldValues(from: numbers.lowerBound, count: numbers.count)
        let new = try hits.readValues(from: numbers.lowerBound, count: numbers.count)
        return zip(old, new).map { old, new in
          var now: UInt64?
          if case .scalar(let value)? = new { now = value.bitPattern }
          return holds(old?.bitPattern, now)
        }
      }
      return with(kept.retitled(hits.title + ", " + title))
    } catch let error as RemoteMemoryError {
      throw error
    } catch {
      throw RemoteMemoryError(.compare, .interrupted, process: after.processID)
    }
  }

  /// The cells that lie in some mappings of the later memory.
  /// - Throws: what `MemorySource.regionMap()` throws; `ENOMEM`.
  public func inRegions(_ filter: RegionFilter) throws(RemoteMemoryError) -> Diff {
    with(try hits.inRegions(filter))
  }
}

extension ScalarValue {
  /// A whole number as 64 bits; nil for what is none.
  fileprivate var bitPattern: UInt64? {
    switch self {
    case .integer(let value): UInt64(bitPattern: value)
    case .unsigned(let value): value
    case .boolean(let value): value ? 1 : 0
    case .real: nil
    }
  }
}

extension Hits {
  /// The same hits by another title, without history.
  func retitled(_ title: String) -> Hits {
    Hits(
      source: source, lanes: lanes, parent: nil, title: title, store: store, outcome: outcome,
      options: options)
  }

  /// The same places in another memory, without history.
  func moved(to source: any MemorySource) -> Hits {
    Hits(
      source: source, lanes: lanes, parent: nil, title: title, store: store, outcome: outcome,
      options: options)
  }
}
