public import MemoryModel
import Synchronization

extension CoreFile {
  /// What of some regions the core holds: pages of zeroes that take no room in the file are not
  /// taken, as pages nobody ever wrote are not of a live process.
  ///
  /// - Throws: nothing.
  public func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError)
    -> Survey
  {
    let data = dataExtents
    var pass = CoreSurveyPass(memory, data, options)
    for region in RegionMap(regions).regions { pass.take(region) }
    return pass.result
  }

  /// Where the file has data, found out once.
  private var dataExtents: DataExtents {
    extents.withLock { known in
      if let known { return known }
      let found = DataExtents(of: descriptor.value, byteCount: fileByteCount)
      known = found
      return found
    }
  }

  /// All that can be read.
  public var captured: [AddressRange] {
    var list = RunList()
    for piece in memory.pieces where piece.place.isReadable { list.append(piece.range) }
    return list.runs
  }
}

/// Where a file has data, by SEEK_DATA of lseek(2): the rest are holes, which read as zeroes.
struct DataExtents: Sendable {
  /// So many are told apart; what lies behind counts as data.
  private static let most = 1 << 18

  /// In rising order, without overlaps.
  let extents: [Range<UInt64>]

  /// Asks for the extents of a file.
  init(of descriptor: Int32, byteCount: UInt64) {
    var extents: [Range<UInt64>] = []
    var place: UInt64 = 0
    while place < byteCount {
      let start = System.seekData(descriptor, from: place)
      guard start >= 0, UInt64(start) >= place else {
        // ENXIO: no data any more. Anything else: a file system that does not tell.
        if Errno(result: start)?.rawValue != 6 { extents.append(place..<byteCount) }
        break
      }
      if UInt64(start) >= byteCount { break }
      let end = System.seekHole(descriptor, from: UInt64(start))
      let isKnown = end > start && extents.count < Self.most
      place = isKnown ? min(UInt64(end), byteCount) : byteCount
      extents.append(UInt64(start)..<place)
    }
    self.extents = extents
  }

  /// The parts of a range of the file that have data, as distances from its start.
  func parts(of range: Range<UInt64>) -> [Range<UInt64>] {
    var low = 0
    var high = extents.count
    while low < high {
      let middle = low + (high - low) / 2
      if extents[middle].upperBound > range.lowerBound { high = middle } else { low = middle + 1 }
    }
    var parts: [Range<UInt64>] = []
    while low < extents.count, extents[low].lowerBound < range.upperBound {
      let part = extents[low].clamped(to: range)
      parts.append((part.lowerBound - range.lowerBound)..<(part.upperBound - range.lowerBound))
      low += 1
    }
    return parts
  }
}

/// One pass over regions of a core.
private struct CoreSurveyPass {
  private let memory: CoreMemory
  private let data: DataExtents
  private let options: SurveyOptions
  private var runs = RunList()
  private var survey = Survey()

  init(_ memory: CoreMemory, _ data: DataExtents, _ options: SurveyOptions) {
    self.memory = memory
    self.data = data
    self.options = options
  }

  var result: Survey {
    var result = survey
    result.runs = runs.runs
    return result
  }

  mutating func take(_ region: Region) {
    survey.mappedBytes &+= region.range.count
    guard region.permissions.contains(.read) else {
      leaveOut(region, region.range.count, .notReadable)
      return
    }
    var known: UInt64 = 0
    for piece in memory.pieces(in: region.range) {
      if take(piece) { known &+= piece.range.count }
    }
    if known < region.range.count { leaveOut(region, region.range.count &- known, .notCaptured) }
  }

  /// False when the piece is not in the core.
  private mutating func take(_ piece: CoreMemory.Piece) -> Bool {
    switch piece.place {
    case .nowhere: return false
    case .file: runs.append(piece.range)
    case .zeroes:
      if options.readsUnpopulated { runs.append(piece.range) } else { skip(piece.range.count) }
    case .core(let offset):
      if options.readsUnpopulated {
        runs.append(piece.range)
      } else {
        takeData(piece.range, offset..<(offset &+ piece.range.count))
      }
    }
    return true
  }

  private mutating func takeData(_ range: AddressRange, _ place: Range<UInt64>) {
    var taken: UInt64 = 0
    for part in data.parts(of: place) {
      let start = range.start.rawValue &+ part.lowerBound
      runs.append(start, range.start.rawValue &+ part.upperBound)
      taken &+= part.upperBound - part.lowerBound
    }
    skip(range.count &- taken)
  }

  private mutating func skip(_ count: UInt64) { survey.unpopulatedBytes &+= count }

  private mutating func leaveOut(_ region: Region, _ count: UInt64, _ reason: Survey.Reason) {
    survey.leftOut.append(Survey.LeftOut(region: region, byteCount: count, reason: reason))
  }
}
