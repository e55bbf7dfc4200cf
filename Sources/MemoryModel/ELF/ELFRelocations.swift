/// The relocations of an ELF file that its dynamic linker carries out.
struct ELFRelocations {
  private let image: ELFImage
  private let read: FileReader
  private var format: ELFFormat { image.header.format }
  private var width: Int { format.pointerWidth.bytes }
  private(set) var fixups: [ImageFixup] = []

  private static let mostBytes: UInt64 = 256 << 20
  private static let blockBytes = 1 << 20

  /// Reads all tables.
  /// - Throws: when there are more relocations than any real file has.
  init(_ image: ELFImage, _ read: @escaping FileReader) throws(ImageError) {
    self.image = image
    self.read = read
    if image.dynamic.isEmpty {
      try addSections()
    } else {
      try addDynamic()
    }
    fixups.sort { $0.address < $1.address }
  }

  /// The tables that the dynamic linker's own table names.
  private mutating func addDynamic() throws(ImageError) {
    let isAddended = image.dynamicValue(20) == 7
    // DT_RELA and DT_RELASZ, DT_REL and DT_RELSZ, DT_JMPREL and DT_PLTRELSZ.
    try addTable(at: image.dynamicValue(7), image.dynamicValue(8), hasAddends: true)
    try addTable(at: image.dynamicValue(17), image.dynamicValue(18), hasAddends: false)
    try addTable(at: image.dynamicValue(23), image.dynamicValue(2), hasAddends: isAddended)
    // DT_RELR and DT_RELRSZ.
    try addPacked(at: image.dynamicValue(36), image.dynamicValue(35))
    addDynamicWords()
  }

  /// What a static program relocates by itself stands in sections.
  private mutating func addSections() throws(ImageError) {
    for section in image.sections where section.header.type == 4 || section.header.type == 9 {
      try addTable(
        at: section.header.address, section.header.byteCount, hasAddends: section.header.type == 4)
    }
  }

  private mutating func addTable(at address: UInt64?, _ byteCount: UInt64?, hasAddends: Bool)
    throws(ImageError)
  {
    let size = width * (hasAddends ? 3 : 2)
    try forEachBlock(at: address, byteCount, of: size) { (relocations, bytes) throws(ImageError) in
      for start in stride(from: 0, to: bytes.count - size + 1, by: size) {
        relocations.addEntry(bytes, start, hasAddends)
      }
      try relocations.checkCount()
    }
  }

  private mutating func addEntry(_ bytes: [UInt8], _ start: Int, _ hasAddends: Bool) {
    guard let address = format.pointer(bytes, start),
      let info = format.pointer(bytes, start + width)
    else { return }
    let type = UInt32(truncatingIfNeeded: format.is64Bit ? info & 0xFFFF_FFFF : info & 0xFF)
    if type == 0 { return }
    guard type == relativeType else {
      fixups.append(
        ImageFixup(address: address, byteCount: byteCount(of: type), value: .unknown))
      return
    }
    let addend = hasAddends ? format.pointer(bytes, start + 2 * width) : nil
    fixups.append(
      ImageFixup(
        address: address, byteCount: width, value: addend.map { .moved($0) } ?? .movedInPlace))
  }

  /// Words that hold an address, and bit maps of which of the words behind it are moved too.
  private mutating func addPacked(at address: UInt64?, _ byteCount: UInt64?) throws(ImageError) {
    var place: UInt64 = 0
    let width = self.width
    let step = UInt64(width)
    try forEachBlock(at: address, byteCount, of: width) {
      (relocations, bytes) throws(ImageError) in
      for start in stride(from: 0, to: bytes.count - width + 1, by: width) {
        guard let entry = relocations.format.pointer(bytes, start) else { return }
        if entry & 1 == 0 {
          relocations.addMoved(entry)
          place = entry &+ step
          continue
        }
        for bit in 1..<UInt64(8 * width) where entry >> bit & 1 == 1 {
          relocations.addMoved(place &+ (bit - 1) &* step)
        }
        place = place &+ UInt64(8 * width - 1) &* step
      }
      try relocations.checkCount()
    }
  }

  private mutating func addMoved(_ address: UInt64) {
    fixups.append(ImageFixup(address: address, byteCount: width, value: .movedInPlace))
  }

  /// The table itself, whose addresses older dynamic linkers turn into those of memory; and the words
  /// at the start of the table of functions (DT_PLTGOT) that belong to the dynamic linker.
  private mutating func addDynamicWords() {
    if let table = image.dynamicValue(3) {
      for index in 1...2 {
        fixups.append(
          ImageFixup(
            address: table &+ UInt64(index * width), byteCount: width, value: .unknown))
      }
    }
    for entry in image.dynamic {
      fixups.append(
        ImageFixup(
          address: entry.valueAddress, byteCount: width,
          value: entry.tag == ELFDynamicEntry.debug ? .unknown : .movedInPlace))
    }
  }

  private func checkCount() throws(ImageError) {
    if fixups.count > ProgramImage.mostFixups { throw ImageError("has too many relocations") }
  }

  private mutating func forEachBlock(
    at address: UInt64?, _ byteCount: UInt64?, of size: Int,
    _ body: (inout ELFRelocations, [UInt8]) throws(ImageError) -> Void
  ) throws(ImageError) {
    guard let address, let byteCount, var offset = image.fileOffset(of: address) else { return }
    guard byteCount <= Self.mostBytes else { throw ImageError("has too many relocations") }
    var left = Int(byteCount)
    let block = Self.blockBytes / size * size
    while left > 0 {
      let bytes = read(offset, min(left, block))
      if bytes.count < size { return }
      try body(&self, bytes)
      offset &+= UInt64(bytes.count)
      left -= bytes.count
      if bytes.count % size != 0 { return }
    }
  }

  /// The relocation that only adds the distance moved, by machine.
  private var relativeType: UInt32? {
    switch image.header.machine {
    case 3, 62: 8
    case 20, 21: 22
    case 22: 12
    case 40: 23
    case 183: format.is64Bit ? 1027 : 183
    case 243, 258: 3
    default: nil
    }
  }

  /// How many bytes a relocation changes, by machine.
  private func byteCount(of type: UInt32) -> Int {
    switch (image.header.machine, type) {
    case (62, 2), (62, 4), (62, 9), (62, 10), (62, 11): 4
    case (62, 36), (183, 1031): 16
    case (3, 41): 8
    default: width
    }
  }
}
