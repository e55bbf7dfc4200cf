import Testing

@testable import MemoryModel

/// ELF headers, notes and what a core's layout is made of, in every width and byte order.
@Suite struct ELFTests {
  static let formats = [PointerWidth.four, .eight].flatMap { width in
    [ByteOrder.little, .big].map { ELFFormat(pointerWidth: width, byteOrder: $0) }
  }
  static let wide = ELFFormat(pointerWidth: .eight, byteOrder: .little)

  @Test("headers come back from their bytes", arguments: formats)
  func headers(_ format: ELFFormat) throws {
    var header = ELFHeader(format: format, fileType: ELFHeader.core, machine: 62)
    header.entry = 0x1234_5678
    header.programHeaderOffset = 0x40
    header.sectionHeaderOffset = 0x9988
    header.flags = 5
    header.programHeaderCount = 7
    header.sectionHeaderCount = 9
    header.nameSectionIndex = 8
    let bytes = header.serialized()
    #expect(bytes.count == ELFHeader.byteCount(format))
    #expect(try ELFHeader(parsing: bytes) == header)
    for count in 0..<bytes.count {
      #expect(throws: ELFSyntaxError.self) { try ELFHeader(parsing: Array(bytes[..<count])) }
    }
    var segment = ELFProgramHeader(
      type: 1, flags: 6, offset: 0x1000, address: 0xFFFF_F000, fileByteCount: 0x10,
      memoryByteCount: 0x2000, alignment: 0x1000)
    segment.physicalAddress = 77
    var table: [UInt8] = [9]
    segment.append(to: &table, format: format)
    #expect(table.count == 1 + ELFProgramHeader.byteCount(format))
    #expect(ELFProgramHeader(parsing: table, at: 1, format: format) == segment)
    #expect(ELFProgramHeader(parsing: table, at: 2, format: format) == nil)
    #expect(ELFProgramHeader(parsing: table, at: -1, format: format) == nil)
    var section = ELFSectionHeader()
    section.name = 1
    section.type = 2
    section.flags = 3
    section.address = 4
    section.offset = 5
    section.byteCount = 6
    section.link = 7
    section.info = 8
    section.alignment = 9
    section.entrySize = 10
    var sections: [UInt8] = []
    section.append(to: &sections, format: format)
    #expect(sections.count == ELFSectionHeader.byteCount(format))
    #expect(ELFSectionHeader(parsing: sections, format: format) == section)
  }

  @Test("the program that runs this test has a header elf(5) describes")
  func knownBytes() throws {
    let bytes: [UInt8] =
      [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 62, 0, 1, 0, 0, 0]
      + [UInt8](repeating: 0, count: 8) + [64, 0, 0, 0, 0, 0, 0, 0]
      + [UInt8](repeating: 0, count: 8) + [0, 0, 0, 0, 64, 0, 56, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    let header = try ELFHeader(parsing: bytes)
    #expect(header.fileType == ELFHeader.core && header.machine == 62)
    #expect(header.programHeaderOffset == 64 && header.programHeaderCount == 3)
    #expect(header.programHeaderSize == 56)
  }

  @Test("notes come back, and one that is cut ends the row", arguments: formats)
  func notes(_ format: ELFFormat) {
    let notes = [
      ELFNote("CORE", 1, [1, 2, 3]), ELFNote("LINUX", 0x202, []), ELFNote("", 7, [4]),
      ELFNote("PVMLUA", 1, [UInt8](repeating: 9, count: 100)),
    ]
    var bytes: [UInt8] = []
    for note in notes { note.append(to: &bytes, format: format) }
    #expect(Array(ELFNoteReader(bytes, format: format)) == notes)
    for count in 0..<bytes.count {
      var reader = ELFNoteReader(Array(bytes[..<count]), format: format)
      var read: [ELFNote] = []
      while let note = reader.next() { read.append(note) }
      #expect(read == Array(notes.prefix(read.count)) && read.count <= notes.count)
    }
    #expect(notes[0].isA("CORE", 1) && !notes[0].isA("CORE", 2) && !notes[0].isA("COR", 1))
  }

  @Test("the contents of core notes come back", arguments: formats)
  func contents(_ format: ELFFormat) {
    let status = CoreThreadStatus(
      thread: ProcessID(71), parent: ProcessID(1), signal: 11,
      registers: (0..<64).map { UInt8($0) })
    #expect(CoreThreadStatus(parsing: status.serialized(format), format: format) == status)
    #expect(CoreThreadStatus(parsing: [1, 2, 3], format: format) == nil)
    for machine in ["x86_64", "i386", "ppc"] {
      let process = CoreProcessStatus(
        process: ProcessID(71), parent: ProcessID(70), user: 1000, group: 65_534,
        name: Array("a name".utf8), arguments: Array("a name -x".utf8))
      let bytes = process.serialized(format, machine: machine)
      #expect(CoreProcessStatus(parsing: bytes, format: format) == process, "\(machine)")
    }
    let files = [
      CoreMappedFile(
        range: AddressRange(start: Address(0x1000), count: 0x2000), offset: 0x3000,
        name: Array("/usr/lib/x".utf8)),
      CoreMappedFile(
        range: AddressRange(start: Address(0x8000), count: 0x1000), offset: 0, name: [0xFF]),
    ]
    for pageSize in [4096, 3] as [UInt64] {
      let bytes = CoreMappedFile.serialized(files, pageSize: pageSize, format: format)
      #expect(CoreMappedFile.list(parsing: bytes, format: format) == files)
      for count in 0..<bytes.count {
        let part = CoreMappedFile.list(parsing: Array(bytes[..<count]), format: format)
        #expect(part == Array(files.prefix(part.count)))
      }
    }
    let pairs = AuxiliaryVector(
      parsing: ([3, 9] as [UInt64]).flatMap { kind in
        var bytes: [UInt8] = []
        format.append(pointer: kind, to: &bytes)
        format.append(pointer: 0x4000, to: &bytes)
        return bytes
      } + [UInt8](repeating: 0, count: 16), format: format)
    #expect(pairs[9] == 0x4000 && pairs[4] == nil && pairs.pairs.count == 2)
  }

  @Test("a supplement comes back, and none of its beginnings is one", arguments: formats)
  func supplement(_ format: ELFFormat) {
    let supplement = CoreSupplement(
      regions: [
        Region(
          range: AddressRange(start: Address(0x1000), count: 0x1000),
          permissions: [.read, .shared],
          offset: 5, deviceMajor: 8, deviceMinor: 1, inode: 99,
          nameBytes: Array("/a b\n(deleted)".utf8)),
        Region(range: AddressRange(start: Address(0x9000), count: 1), permissions: []),
      ], zeroes: [AddressRange(start: Address(0x1000), count: 7)],
      holes: [AddressRange(start: Address(0x1800), count: 8)], unknownRegisters: [ProcessID(3)],
      captureTime: 1.5e9)
    let bytes = supplement.serialized(format)
    #expect(CoreSupplement(parsing: bytes, format: format) == supplement)
    for count in 0..<bytes.count {
      #expect(CoreSupplement(parsing: Array(bytes[..<count]), format: format) == nil)
    }
  }

  private static func layout(
    _ segments: [(UInt64, UInt64, UInt64, UInt64)], _ files: [CoreMappedFile] = [],
    fileByteCount: UInt64 = 0x10_0000
  ) -> CoreLayout {
    var source = CoreLayout.Source(format: wide, machine: 62, fileByteCount: fileByteCount)
    source.segments = segments.map {
      ELFProgramHeader(
        type: 1, flags: 6, offset: $0.0, address: $0.1, fileByteCount: $0.2,
        memoryByteCount: $0.3)
    }
    source.mappedFiles = files
    return CoreLayout(source)
  }

  @Test("segments that overlap are cut, and what the file does not hold is missing")
  func layouts() {
    let layout = Self.layout([
      (0x2000, 0x5000, 0x1000, 0x3000), (0x1000, 0x4000, 0x2000, 0x2000),
      (0xF_FF00, 0xA000, 0x1000, 0x1000),
    ])
    let found = layout.stretches.map { "\($0.range) \($0.content)" }
    #expect(
      found == [
        "0x4000-0x6000 stored(offset: 4096)", "0x6000-0x8000 missing",
        "0xa000-0xa100 stored(offset: 1048320)", "0xa100-0xb000 truncated",
      ], "\(found)")
    #expect(
      layout.regions.map(\.range.description) == [
        "0x4000-0x6000", "0x6000-0x8000", "0xa000-0xb000",
      ])
  }

  @Test("what is mapped of files and not stored is in the files")
  func mappedLayouts() {
    let file = CoreMappedFile(
      range: AddressRange(start: Address(0x4000), count: 0x4000), offset: 0x9000,
      name: Array("/lib/x".utf8))
    let layout = Self.layout([(0x1000, 0x5000, 0x1000, 0x2000)], [file])
    let found = layout.stretches.map { "\($0.range) \($0.content)" }
    #expect(
      found == [
        "0x4000-0x5000 mapped(file: 0, offset: 36864)", "0x5000-0x6000 stored(offset: 4096)",
        "0x6000-0x7000 mapped(file: 0, offset: 45056)",
        "0x7000-0x8000 mapped(file: 0, offset: 49152)",
      ], "\(found)")
    #expect(layout.fileNames == [Array("/lib/x".utf8)])
    #expect(layout.unknownPermissions == [Address(0x4000), Address(0x7000)])
    #expect(layout.regions.map(\.offset) == [0x9000, 0xA000, 0xC000])
  }

  @Test("numbers at the ends of all addresses and files do no harm")
  func extremes() {
    let most = UInt64.max
    for segment in [
      (most, most, most, most), (0, most, 1, 1), (most - 1, 0, most, most), (0, 0, most, 0),
      (0, most - 4095, 4096, 8192), (1, 1, 1, most),
    ] as [(UInt64, UInt64, UInt64, UInt64)] {
      for length in [0, 1, most] as [UInt64] {
        let layout = Self.layout([segment, segment, (0, 10, 5, most)], fileByteCount: length)
        var end = Address.zero
        for stretch in layout.stretches {
          #expect(stretch.range.start >= end && !stretch.range.isEmpty)
          end = stretch.range.end
        }
      }
    }
  }

  @Test("a plan stores runs and short gaps, skips long ones, and lists holes and the rest")
  func plan() throws {
    func range(_ start: UInt64, _ count: UInt64) -> AddressRange {
      AddressRange(start: Address(start), count: count)
    }
    let regions = [
      Region(range: range(0x1000, 0x1000), permissions: .read),
      Region(range: range(0x10000, 0x40000), permissions: [.read, .write]),
    ]
    var plan = CorePlan(
      regions: regions, captured: [range(0x10000, 0x40000)],
      runs: [range(0x11000, 0x1000), range(0x13000, 0x2000), range(0x4F000, 0x1000)],
      holes: [range(0x14000, 0x1000)], pageSize: 0x1000, longestGap: 0x10000)
    let isPlaced = plan.place(from: 0x123)
    #expect(isPlaced)
    #expect(
      plan.segments.map { "\($0.range) \($0.fileByteCount)" } == [
        "0x1000-0x2000 0", "0x10000-0x4f000 16384", "0x4f000-0x50000 4096",
      ])
    for block in plan.blocks {
      #expect(block.offset % 0x1000 == block.range.start.rawValue % 0x1000)
    }
    let stored = plan.blocks.flatMap { plan.runs(in: $0) }
    #expect(stored.map(\.description) == ["0x11000-0x12000", "0x13000-0x14000", "0x4f000-0x50000"])
    #expect(plan.zeroes.map(\.description) == ["0x15000-0x4f000"])
    #expect(plan.fileByteCount == plan.blocks.last.map { $0.offset + $0.range.count })
    #expect(
      plan.head(notes: 10, format: Self.wide, machine: 62).count == plan.headByteCount(Self.wide))
  }

  @Test func machineNames() {
    for name in ["x86_64", "aarch64", "i386", "arm", "riscv64", "ppc64le", "s390x", "loongarch64"] {
      let isNarrow = ["i386", "arm"].contains(name)
      let order: ByteOrder = name == "s390x" ? .big : .little
      let number = ELFIdentity.machine(
        named: name, pointerWidth: isNarrow ? .four : .eight, byteOrder: order)
      #expect(number != nil, "\(name)")
    }
    #expect(ELFIdentity.machine(named: "pdp11", pointerWidth: .four, byteOrder: .little) == nil)
  }
}
