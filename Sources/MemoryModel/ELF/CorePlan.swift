/// How a core file is laid out: one or more segments a region, as the kernel writes them, with the
/// bytes of those that are stored one after the other.
public struct CorePlan: Sendable {
  /// Bytes that go into the file.
  public struct Block: Hashable, Sendable {
    /// The addresses; never empty.
    public let range: AddressRange
    /// Where they go, in bytes from the beginning of the file; a multiple of the page size further
    /// than the address.
    public let offset: UInt64

    /// Bytes that go to a place of the file.
    public init(range: AddressRange, offset: UInt64) {
      self.range = range
      self.offset = offset
    }
  }

  /// The program headers of memory, in the order of addresses. Offsets are set by `place`.
  public private(set) var segments: [ELFProgramHeader] = []
  /// What is stored; set by `place`.
  public private(set) var blocks: [Block] = []
  /// What is not stored because it is zeroes.
  public private(set) var zeroes: [AddressRange] = []
  /// How long the file will be in bytes; set by `place`.
  public private(set) var fileByteCount: UInt64 = 0

  private let pageSize: UInt64
  private let marks: Marks

  /// Plans a core.
  /// - Parameters:
  ///   - regions: all that is mapped; what is not stored of them is listed all the same.
  ///   - captured: what is known: to be stored unless it is in a hole.
  ///   - runs: what of it holds anything but zeroes.
  ///   - holes: what of it could not be read.
  ///   - pageSize: what offsets are aligned to.
  ///   - longestGap: so many bytes of zeroes between two runs are not stored, not even as a hole of
  ///     the file; default 16 MiB. Shorter ones are, so that every program that reads cores finds
  ///     them.
  public init(
    regions: [Region], captured: [AddressRange], runs: [AddressRange], holes: [AddressRange],
    pageSize: UInt64, longestGap: UInt64 = 16 << 20
  ) {
    self.pageSize = max(pageSize, 1)
    marks = Marks(
      captured: RangeMarks(captured), runs: RangeMarks(runs), holes: RangeMarks(holes),
      longestGap: longestGap)
    for region in RegionMap(regions).regions { add(region) }
  }

  private struct Marks: Sendable {
    let captured: RangeMarks<Void>
    let runs: RangeMarks<Void>
    let holes: RangeMarks<Void>
    let longestGap: UInt64
  }

  private enum Kind { case stored, zeroes, unknown }

  private mutating func add(_ region: Region) {
    let first = segments.count
    let range = RangeMarks<Void>.closed(region.range)
    for piece in marks.captured.pieces(of: range) {
      guard piece.index != nil else {
        add(piece.range, .unknown, region, first)
        continue
      }
      for part in marks.holes.pieces(of: piece.range) {
        guard part.index == nil else {
          add(part.range, .unknown, region, first)
          continue
        }
        for run in marks.runs.pieces(of: part.range) {
          let isGap = run.index == nil && run.range.count >= marks.longestGap
          add(run.range, isGap ? .zeroes : .stored, region, first)
        }
      }
    }
  }

  /// Adds bytes to the last segment of a region, or a new segment: stored bytes come first in each.
  private mutating func add(_ range: AddressRange, _ kind: Kind, _ region: Region, _ first: Int) {
    if kind == .zeroes { zeroes.append(range) }
    let last = segments.count &- 1
    let isOpen = last >= first
    let isFull = isOpen && segments[last].fileByteCount == segments[last].memoryByteCount
    if isOpen, kind != .stored || isFull {
      segments[last].memoryByteCount &+= range.count
      if kind == .stored { segments[last].fileByteCount &+= range.count }
      return
    }
    var flags: UInt32 = 0
    if region.permissions.contains(.read) { flags |= 4 }
    if region.permissions.contains(.write) { flags |= 2 }
    if region.permissions.contains(.execute) { flags |= 1 }
    segments.append(
      ELFProgramHeader(
        type: ELFProgramHeader.load, flags: flags, address: range.start.rawValue,
        fileByteCount: kind == .stored ? range.count : 0, memoryByteCount: range.count,
        alignment: pageSize))
  }

  /// Gives each segment its place.
  /// - Parameter start: how many bytes of the file come before.
  /// - Returns: false when the file would get longer than a file can be.
  public mutating func place(from start: UInt64) -> Bool {
    blocks = []
    var end = start
    for index in segments.indices {
      let segment = segments[index]
      // Offset and address are equal modulo the page size.
      let (sum, overflow) = end.addingReportingOverflow(pageSize)
      let shift = (segment.address &- end) % pageSize
      guard !overflow, sum <= 1 << 62 else { return false }
      segments[index].offset = end &+ shift
      if segment.fileByteCount == 0 { continue }
      let (next, isTooLong) = (end &+ shift).addingReportingOverflow(segment.fileByteCount)
      guard !isTooLong, next <= 1 << 62 else { return false }
      blocks.append(
        Block(
          range: AddressRange(start: Address(segment.address), count: segment.fileByteCount),
          offset: end &+ shift))
      end = next
    }
    fileByteCount = end
    return true
  }

  /// What of a block holds anything but zeroes.
  public func runs(in block: Block) -> [AddressRange] {
    marks.runs.pieces(of: block.range).filter { $0.index != nil }.map(\.range)
  }
}

extension CorePlan {
  /// The beginning of the file: the header, the program headers with that of the notes first, and
  /// where there are too many of them for the header's field, the section header that counts them.
  /// - Parameters:
  ///   - notes: how many bytes of notes follow.
  public func head(notes: Int, format: ELFFormat, machine: UInt16) -> [UInt8] {
    var header = ELFHeader(format: format, fileType: ELFHeader.core, machine: machine)
    let count = segments.count &+ 1
    let isExtended = count >= Int(ELFHeader.extendedCount)
    let table = ELFHeader.byteCount(format)
    let tableEnd = table &+ count &* ELFProgramHeader.byteCount(format)
    header.programHeaderOffset = UInt64(table)
    header.programHeaderCount = isExtended ? ELFHeader.extendedCount : UInt16(count)
    if isExtended {
      header.sectionHeaderOffset = UInt64(tableEnd)
      header.sectionHeaderCount = 1
    } else {
      header.sectionHeaderSize = 0
    }
    var bytes = header.serialized()
    let note = ELFProgramHeader(
      type: ELFProgramHeader.note, offset: UInt64(headByteCount(format)),
      fileByteCount: UInt64(notes), alignment: 4)
    note.append(to: &bytes, format: format)
    for segment in segments { segment.append(to: &bytes, format: format) }
    if isExtended {
      var section = ELFSectionHeader()
      section.byteCount = 1
      section.info = UInt32(truncatingIfNeeded: count)
      section.append(to: &bytes, format: format)
    }
    return bytes
  }

  /// How many bytes `head` has.
  public func headByteCount(_ format: ELFFormat) -> Int {
    let count = segments.count &+ 1
    let section =
      count >= Int(ELFHeader.extendedCount) ? ELFSectionHeader.byteCount(format) : 0
    return ELFHeader.byteCount(format) &+ count &* ELFProgramHeader.byteCount(format) &+ section
  }
}
