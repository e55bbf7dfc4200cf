import MemoryModel
import Testing

@testable import RemoteMemory

/// Cores of every width and byte order, and headers that lie.
@Suite struct CoreFormatTests {
  static let formats = [PointerWidth.four, .eight].flatMap { width in
    [ByteOrder.little, .big].map { ELFFormat(pointerWidth: width, byteOrder: $0) }
  }

  @Test("reads back", arguments: formats)
  func roundTrip(_ format: ELFFormat) throws {
    let folder = try CoreFolder()
    let source = SmallMemory(format)
    try source.saveCore(to: folder.file)
    let core = try CoreFile.open(path: folder.file)
    #expect(core.pointerWidth == format.pointerWidth && core.byteOrder == format.byteOrder)
    #expect(core.notes == source.notes)
    #expect(core.captureTime == source.captureTime)
    #expect(try core.regionMap() == source.regionMap())
    #expect(core.captured == source.captured)
    for index in 0..<source.pages {
      #expect(try core.readBytes(at: source.address(index), count: 4096) == source.page(index))
    }
    let (bytes, holes) = try core.readSparse(at: source.start, count: 4 * 4096)
    #expect(bytes == source.page(0) + zeroes + source.page(1) + zeroes)
    #expect(holes.map(\.offset) == [4096, 3 * 4096] && holes.allSatisfy { $0.count == 4096 })
    #expect(try core.compare(source.start, with: source.address(1), count: 4096) == 0)
  }

  private var zeroes: [UInt8] { [UInt8](repeating: 0, count: 4096) }

  @Test("a readelf of the distribution agrees", .needs("readelf"), arguments: formats)
  func readelf(_ format: ELFFormat) throws {
    let folder = try CoreFolder()
    try SmallMemory(format).saveCore(to: folder.file)
    let text = try output(of: "readelf", ["-W", "-h", "-l", "-n", folder.file], both: true)
    #expect(text.contains("Core file"))
    #expect(text.contains(format.is64Bit ? "ELF64" : "ELF32"))
    #expect(text.contains("/tmp/a file") || text.contains("Cannot decode"))
    #expect(text.contains("NT_PRPSINFO") && text.contains("NT_PRSTATUS"))
    #expect(!text.lowercased().contains("warning"), "\(text.prefix(3000))")
  }

  @Test("3000 mutated cores: a core or an error, quickly, and never a trap", arguments: 0..<10)
  func mutated(_ round: UInt64) throws {
    let folder = try CoreFolder()
    let format = Self.formats[Int(round % 4)]
    let source = SmallMemory(format)
    try source.saveCore(to: folder.file)
    let bytes = try folder.bytes()
    // Headers and notes end where the first page begins.
    let head = bytes.count - source.pages * 4096
    var random = SplitMix(round &+ 1)
    var opened = 0
    for _ in 0..<300 {
      var mutated = bytes
      for _ in 0..<(1 + random.next() % 6) {
        let place = Int(random.next() % UInt64(head))
        switch random.next() % 4 {
        case 0: mutated[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: mutated[place] ^= 1 << UInt8(random.next() % 8)
        case 2: mutated[place] = 0xFF
        default:
          for index in place..<min(place + 8, head) {
            mutated[index] = [0, 0xFF, 0x7F, 0x80][Int(random.next() % 4)]
          }
        }
      }
      if random.next() % 8 == 0 { mutated.removeLast(Int(random.next() % UInt64(bytes.count))) }
      try folder.write(mutated)
      do {
        try use(try CoreFile.open(path: folder.file), source.start)
        opened += 1
      } catch let error as RemoteMemoryError {
        #expect(["EINVAL", "EFAULT"].contains(error.code), "\(error)")
        #expect(error.message.contains("x.core") || error.code == "EFAULT")
      }
    }
    #expect(opened > 20)
  }

  private func use(_ core: CoreFile, _ start: Address) throws {
    let map = try core.regionMap()
    _ = map.modules()
    let survey = try core.survey(map.regions, .harmless)
    #expect(survey.mappedBytes >= 0)
    for place in [start, Address(0), Address(.max), Address(.max - 4095)] {
      _ = try core.readPartial(at: place, count: 5000)
      _ = try core.readSparse(at: place, count: 5000)
      _ = core.fault(.read, at: place, requestedBytes: 1, completedBytes: 0).message
    }
    for region in map.regions.prefix(5) {
      _ = try core.readPartial(at: region.start, count: 100)
      _ = try core.readSparse(at: region.end.offset(by: -50), count: 100)
    }
    _ = core.captured
  }
}
