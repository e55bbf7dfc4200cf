import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Files and memory that were made to break their readers: an error, or fewer names, and never more.
@Suite("hostile symbols and debug information", .needs("gcc")) struct HostileSymbolTests {
  /// A small library with all that is read here.
  static let library: [UInt8]? = {
    guard let folder = try? CoreFolder() else { return nil }
    let text = """
      struct pair { int one; struct pair *next; unsigned bits : 3; };
      struct pair first = {1, &first, 2};
      int table[4][5];
      int plug(int n) { return first.one + table[n & 3][1]; }
      """
    let source = folder.path + "/a.c"
    try? Data(text.utf8).write(to: URL(filePath: source))
    let path = folder.path + "/a.so"
    guard
      (try? CompiledProgram.run(["gcc", "-shared", "-fPIC", "-g", "-O1", "-o", path, source]))
        == true
    else { return nil }
    return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }()

  /// Where the tables of a file lie, which are worth changing.
  static func tables(_ bytes: [UInt8]) -> [Range<Int>] {
    let read = reader(bytes)
    guard let header = try? ELFHeader(parsing: read(0, 64)) else { return [] }
    let sections = ELFImage.allSections(header, read).filter { $0.header.type != 8 }
    let places = sections.map {
      Int($0.header.offset)..<Int($0.header.offset + $0.header.byteCount)
    }.filter { !$0.isEmpty && $0.upperBound <= bytes.count }
    let headers = Int(header.sectionHeaderOffset)..<bytes.count
    return [0..<64, 64..<(64 + 56 * 8), headers] + places
  }

  static func reader(_ bytes: [UInt8]) -> FileReader {
    { offset, count in
      guard offset < UInt64(bytes.count), count > 0 else { return [] }
      return Array(bytes[Int(offset)...].prefix(count))
    }
  }

  private struct Noise {
    var state: UInt64
    mutating func next(below limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
  }

  static func mutated(_ bytes: [UInt8], _ tables: [Range<Int>], _ seed: Int) -> [UInt8] {
    var bytes = bytes
    var noise = Noise(state: UInt64(seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 | 1)
    for _ in 0...noise.next(below: 6) {
      let table = tables[noise.next(below: tables.count)]
      let place = table.lowerBound + noise.next(below: table.count)
      let value = [0, 1, 0x7F, 0x80, 0xFF, noise.next(below: 256)][noise.next(below: 6)]
      for index in 0..<[1, 2, 4, 8][noise.next(below: 4)] where place + index < bytes.count {
        bytes[place + index] = UInt8(value)
      }
    }
    if noise.next(below: 16) == 0 { bytes.removeLast(noise.next(below: bytes.count)) }
    return bytes
  }

  @Test("tables of symbols in files", arguments: 0..<10)
  func files(_ part: Int) throws {
    let bytes = try #require(Self.library)
    let tables = Self.tables(bytes)
    for seed in (part * 200)..<(part * 200 + 200) {
      let read = Self.reader(Self.mutated(bytes, tables, seed))
      guard let header = try? ELFHeader(parsing: read(0, 64)) else { continue }
      var builder = SymbolTableBuilder()
      _ = ELFSymbolReader(header, read).addSections(to: &builder)
      if let image = try? ELFImage(read) {
        ELFSymbolReader(header, read).addDynamic(of: image, distance: UInt64(seed), to: &builder)
      }
      let table = builder.table()
      #expect(table.count < 100_000)
      let names = SymbolNames(table)
      for index in stride(from: 0, to: table.count, by: 7) {
        _ = table.index(containing: table[index].address &+ 1)
        _ = Demangler.shown(table[index].nameBytes)
        #expect(names.indices(of: table.nameBytes(at: index), in: table).contains(index))
      }
    }
  }

  @Test("headers in memory", arguments: 0..<10)
  func memory(_ part: Int) throws {
    let bytes = try #require(Self.library)
    let tables = Self.tables(bytes)
    for seed in (part * 100)..<(part * 100 + 100) {
      var changed = Self.mutated(bytes, [0..<64, 64..<(64 + 56 * 8)] + tables, seed)
      changed += [UInt8](repeating: 0, count: 0x10_000 - changed.count % 0x1000)
      let base: UInt64 = 0x7000_0000
      let source = BufferSource([(base, changed)])
      source.regions = [
        Region(
          range: AddressRange(start: Address(base), count: UInt64(changed.count)),
          permissions: [.read, .execute], nameBytes: Array("/nowhere/a.so".utf8))
      ]
      var map = try source.regionMap()
      map.findImageEnds { source.gatherHeaders($0, $1) }
      let index = ModuleIndex(map)
      let module = try #require(index.modules.first)
      #expect(module.end.rawValue <= base + UInt64(changed.count))
      let image = source.image(of: module)
      #expect(image.symbols(source).table.count < 100_000)
      _ = image.segments
      _ = try source.placeName(of: Address(base + 0x1010))
    }
  }

  @Test("debug information", .enabled(if: DebugInformation.isBuiltIn), arguments: 0..<10)
  func debug(_ part: Int) throws {
    let bytes = try #require(Self.library)
    let tables = Self.tables(bytes)
    for seed in (part * 100)..<(part * 100 + 100) {
      let file = ScratchFile(Self.mutated(bytes, tables, seed))
      guard let opened = ProgramFile.open(file.path),
        case .present(let debug) = DebugInformation.open(opened)
      else { continue }
      _ = debug.variable(named: "first")
      _ = debug.variable(named: "table")
      _ = debug.type(named: "pair")
      for address in stride(from: UInt64(0x1000), to: 0x1200, by: 16) {
        _ = debug.line(of: address)
      }
    }
  }

  @Test("a section that would unfold beyond all measure is not unfolded", .needs("objcopy"))
  func bomb() throws {
    var bytes = try #require(Self.library)
    let read = Self.reader(bytes)
    let header = try ELFHeader(parsing: read(0, 64))
    let sections = ELFImage.allSections(header, read)
    let number = try #require(sections.firstIndex { $0.name == ".debug_info" })
    let place = Int(header.sectionHeaderOffset) + number * 64
    // SHF_COMPRESSED, and a header that says ZLIB and an exbibyte.
    bytes[place + 9] |= 0x08
    let start = Int(sections[number].header.offset)
    bytes.replaceSubrange(
      start..<(start + 24),
      with: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1, 0, 0, 0, 0, 0, 0, 0])
    let file = ScratchFile(bytes)
    let opened = try #require(ProgramFile.open(file.path))
    #expect(DebugFileCheck(opened).problem?.contains("unfold") == true)
  }

  @Test("names that unfold into themselves end")
  func names() {
    let deep = "_R" + String(repeating: "INvC1a1b", count: 400)
    #expect(Demangler.shown(Array(deep.utf8)) == deep)
    let wide = "_RINvC1a1b" + String(repeating: "TBa_Ba_Ba_E", count: 60) + "E"
    #expect(Demangler.shown(Array(wide.utf8)).utf8.count <= RustName.longestText)
    let long = "_Z" + String(repeating: "N", count: 5000)
    #expect(Demangler.shown(Array(long.utf8)) == long)
  }
}
