/// What pvmlua adds to its cores and ELF has no place for: the regions just as they were, and what
/// is known of bytes that the file does not hold.
///
/// A note of the owner `PVMLUA`, of type `PVM1`; whoever does not know it passes it over.
public struct CoreSupplement: Hashable, Sendable {
  /// The regions in the order of addresses, with their names, devices and inodes.
  public var regions: [Region]
  /// What reads as zeroes though the file does not hold it.
  public var zeroes: [AddressRange]
  /// What could not be read when the core was made.
  public var holes: [AddressRange]
  /// The threads whose registers are not known: those in the file are zeroes.
  public var unknownRegisters: [ProcessID]
  /// When the memory was captured, in seconds since 1970; nil when that is not known.
  public var captureTime: Double?

  /// The owner of the note.
  public static let owner: StaticString = "PVMLUA"
  /// The type of the note.
  public static let type: UInt32 = 0x5056_4D31
  /// How its content is laid out.
  private static let version: UInt64 = 1

  /// A supplement.
  public init(
    regions: [Region], zeroes: [AddressRange], holes: [AddressRange],
    unknownRegisters: [ProcessID] = [], captureTime: Double? = nil
  ) {
    self.regions = regions
    self.zeroes = zeroes
    self.holes = holes
    self.unknownRegisters = unknownRegisters
    self.captureTime = captureTime
  }

  /// The content of the note: a version, the time as the bits of a number of seconds (0 for
  /// none), then four lists, each its length and its items. Every number has 8 bytes.
  public func serialized(_ format: ELFFormat) -> [UInt8] {
    var content: [UInt8] = []
    func add(_ number: UInt64) { format.append(number, width: 8, to: &content) }
    add(Self.version)
    add((captureTime ?? 0).bitPattern)
    add(UInt64(regions.count))
    for region in regions {
      for number in [
        region.start.rawValue, region.range.count, UInt64(region.permissions.rawValue),
        region.offset, UInt64(region.deviceMajor), UInt64(region.deviceMinor), region.inode,
        UInt64(region.nameBytes.count),
      ] { add(number) }
      content += region.nameBytes
    }
    for list in [zeroes, holes] {
      add(UInt64(list.count))
      for range in list {
        add(range.start.rawValue)
        add(range.count)
      }
    }
    add(UInt64(unknownRegisters.count))
    for thread in unknownRegisters { add(UInt64(UInt32(bitPattern: thread.rawValue))) }
    return content
  }

  /// Reads the content of the note; nil unless it is whole and of a version that is known.
  public init?(parsing content: [UInt8], format: ELFFormat) {
    var reader = Reader(bytes: content, format: format)
    guard reader.number() == Self.version, let time = reader.number().map(Double.init(bitPattern:)),
      let regions = reader.list({ $0.region() }),
      let zeroes = reader.list({ $0.range() }), let holes = reader.list({ $0.range() }),
      let threads = reader.list({ $0.thread() })
    else { return nil }
    self.init(
      regions: RegionMap(regions).regions, zeroes: zeroes, holes: holes, unknownRegisters: threads,
      captureTime: time.isFinite && time > 0 ? time : nil)
  }

  /// Takes numbers off the front.
  private struct Reader {
    let bytes: [UInt8]
    let format: ELFFormat
    var place = 0

    mutating func number() -> UInt64? {
      guard let number = format.long(bytes, place) else { return nil }
      place &+= 8
      return number
    }

    /// So many items as the number in front says; nil when one is not whole.
    mutating func list<Item>(_ item: (inout Reader) -> Item?) -> [Item]? {
      guard let count = number(), count <= UInt64(bytes.count &- place) / 8 else { return nil }
      var items: [Item] = []
      for _ in 0..<count {
        guard let next = item(&self) else { return nil }
        items.append(next)
      }
      return items
    }

    mutating func range() -> AddressRange? {
      guard let start = number(), let count = number() else { return nil }
      return AddressRange(start: Address(start), count: count)
    }

    mutating func thread() -> ProcessID? {
      number().map { ProcessID(Int32(truncatingIfNeeded: $0)) }
    }

    mutating func region() -> Region? {
      guard let range = range(), let permissions = number(), let offset = number(),
        let major = number(), let minor = number(), let inode = number(), let length = number(),
        length <= UInt64(bytes.count &- place)
      else { return nil }
      let name = bytes[place..<(place &+ Int(length))]
      place &+= Int(length)
      return Region(
        range: range, permissions: Permissions(rawValue: UInt8(truncatingIfNeeded: permissions)),
        offset: offset, deviceMajor: UInt32(truncatingIfNeeded: major),
        deviceMinor: UInt32(truncatingIfNeeded: minor), inode: inode, nameBytes: Array(name))
    }
  }
}
