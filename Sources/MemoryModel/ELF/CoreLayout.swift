/// What a core file holds of a process: its regions, and where the bytes of each are.
///
/// Worked out from headers and notes alone, whatever they say: regions that overlap are cut, and
/// what would lie past the end of the file is truncated.
public struct CoreLayout: Sendable {
  /// Where some bytes are.
  public enum Content: Hashable, Sendable {
    /// In the core, so many bytes from its beginning.
    case stored(offset: UInt64)
    /// Nowhere: they are zeroes.
    case zeroes
    /// In a mapped file, which is the one at this place of `fileNames`, so many bytes from its
    /// beginning.
    case mapped(file: Int, offset: UInt64)
    /// Nowhere: the core was made without them.
    case missing
    /// Past the end of the core, which was longer once.
    case truncated
  }

  /// Some bytes and where they are.
  public struct Stretch: Hashable, Sendable {
    /// The addresses; never empty.
    public let range: AddressRange
    /// Where their bytes are.
    public let content: Content
  }

  /// What was mapped, in the order of addresses.
  public let regions: [Region]
  /// Where regions begin of which the core does not say what was permitted there, since it has no
  /// segment for them; they are given as readable.
  public let unknownPermissions: Set<Address>
  /// Where the bytes are, in the order of addresses, without overlaps.
  public let stretches: [Stretch]
  /// The mapped files that would have to be looked into.
  public let fileNames: [[UInt8]]

  /// What headers and notes say of a core file.
  public struct Source: Sendable {
    /// How its numbers are written.
    public var format: ELFFormat
    /// `e_machine` of its header.
    public var machine: UInt16
    /// How long it is, in bytes.
    public var fileByteCount: UInt64
    /// All program headers; only those of memory count.
    public var segments: [ELFProgramHeader]
    /// What NT_FILE says.
    public var mappedFiles: [CoreMappedFile]
    /// What NT_AUXV says.
    public var auxiliaryVector: AuxiliaryVector
    /// What pvmlua added.
    public var supplement: CoreSupplement?

    /// What a core of this format says; all lists empty.
    public init(format: ELFFormat, machine: UInt16, fileByteCount: UInt64) {
      self.format = format
      self.machine = machine
      self.fileByteCount = fileByteCount
      segments = []
      mappedFiles = []
      auxiliaryVector = AuxiliaryVector(parsing: [], format: format)
      supplement = nil
    }
  }

  /// Works out the layout.
  public init(_ source: Source) {
    let loads = RangeMarks(
      source.segments.filter { $0.type == ELFProgramHeader.load }
        .map { (range: $0.range, mark: $0) }, trim: { $0.withoutFirst($1) })
    let files = RangeMarks(
      source.mappedFiles.map { (range: $0.range, mark: $0) }, trim: { $0.withoutFirst($1) })
    if let supplement = source.supplement {
      regions = supplement.regions
      unknownPermissions = []
    } else {
      regions = RegionMap(CoreRegions(source, loads, files).all).regions
      unknownPermissions = Set(
        regions.map(\.start).filter {
          loads.pieces(of: AddressRange(start: $0, count: 1)).first?.index == nil
        })
    }
    var builder = StretchBuilder(source, files)
    for (range, segment) in zip(loads.ranges, loads.marks) { builder.add(segment, at: range) }
    for range in files.ranges {
      for piece in loads.pieces(of: range) where piece.index == nil {
        builder.addAbsent(piece.range)
      }
    }
    stretches = builder.stretches.sorted { $0.range.start < $1.range.start }
    fileNames = builder.names
  }
}

extension ELFProgramHeader {
  /// The segment without so many bytes of its front.
  fileprivate func withoutFirst(_ count: UInt64) -> ELFProgramHeader {
    var rest = self
    rest.address = address &+ count
    rest.offset = offset.addingReportingOverflow(count).overflow ? .max : offset &+ count
    rest.fileByteCount = fileByteCount > count ? fileByteCount &- count : 0
    rest.memoryByteCount = memoryByteCount > count ? memoryByteCount &- count : 0
    return rest
  }
}

extension CoreMappedFile {
  /// The mapping without so many bytes of its front.
  fileprivate func withoutFirst(_ count: UInt64) -> CoreMappedFile {
    CoreMappedFile(
      range: AddressRange(start: range.start.offset(by: Int64(bitPattern: count)), end: range.end),
      offset: offset &+ count, name: name)
  }
}

/// Finds out for each byte where it is.
private struct StretchBuilder {
  private let fileByteCount: UInt64
  private let files: RangeMarks<CoreMappedFile>
  private let zeroes: RangeMarks<Void>
  private let holes: RangeMarks<Void>
  private var numbers: [[UInt8]: Int] = [:]
  private(set) var names: [[UInt8]] = []
  private(set) var stretches: [CoreLayout.Stretch] = []

  init(_ source: CoreLayout.Source, _ files: RangeMarks<CoreMappedFile>) {
    fileByteCount = source.fileByteCount
    self.files = files
    zeroes = RangeMarks<Void>(source.supplement?.zeroes ?? [])
    holes = RangeMarks<Void>(source.supplement?.holes ?? [])
  }

  /// Adds a segment: what is stored, what would be, and what is not.
  mutating func add(_ segment: ELFProgramHeader, at range: AddressRange) {
    let dumped = min(segment.fileByteCount, range.count)
    let offset = segment.offset
    let stored = offset < fileByteCount ? min(dumped, fileByteCount &- offset) : 0
    let end = Address(range.start.rawValue &+ stored)
    let dumpedEnd = Address(range.start.rawValue &+ dumped)
    addStored(AddressRange(start: range.start, end: end), offset)
    add(AddressRange(start: end, end: dumpedEnd), .truncated)
    addAbsent(AddressRange(start: dumpedEnd, end: range.end))
  }

  /// Adds what the file holds, but for what could not be read: that has its place there too.
  private mutating func addStored(_ range: AddressRange, _ offset: UInt64) {
    for piece in holes.pieces(of: range) {
      let distance = piece.range.start.rawValue &- range.start.rawValue
      add(piece.range, piece.index == nil ? .stored(offset: offset &+ distance) : .missing)
    }
  }

  /// Adds what the file does not hold.
  mutating func addAbsent(_ range: AddressRange) {
    for piece in holes.pieces(of: range) {
      guard piece.index == nil else {
        add(piece.range, .missing)
        continue
      }
      for part in zeroes.pieces(of: piece.range) {
        if part.index == nil { addUnknown(part.range) } else { add(part.range, .zeroes) }
      }
    }
  }

  private mutating func addUnknown(_ range: AddressRange) {
    for piece in files.pieces(of: range) {
      guard let index = piece.index else {
        add(piece.range, .missing)
        continue
      }
      let file = files.marks[index]
      let (offset, isTooFar) = file.offset.addingReportingOverflow(piece.skip)
      add(piece.range, isTooFar ? .missing : .mapped(file: number(of: file.name), offset: offset))
    }
  }

  private mutating func number(of name: [UInt8]) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count &- 1
  }

  private mutating func add(_ range: AddressRange, _ content: CoreLayout.Content) {
    if !range.isEmpty { stretches.append(CoreLayout.Stretch(range: range, content: content)) }
  }
}
