/// The versions of dynamic symbols.
struct ELFSymbolVersions {
  /// A number of 2 bytes for each symbol.
  var numbers: [UInt8] = []
  private(set) var names: [UInt16: String] = [:]

  /// Reads the versions that a file defines: a chain of entries, each with a chain of names of which
  /// the first is its own.
  mutating func read(_ bytes: [UInt8], names text: [UInt8], _ format: ELFFormat) {
    var place = 0
    for _ in 0..<4096 {
      guard let number = format.half(bytes, place + 4), let first = format.word(bytes, place + 12),
        let step = format.word(bytes, place + 16), first < 1 << 20, step < 1 << 20
      else { return }
      // The first of all names the file itself.
      if number > 1, let name = format.word(bytes, place + Int(first)) {
        names[number & 0x7FFF] = String(
          decoding: text.dropFirst(Int(name)).prefix(256).prefix { $0 != 0 }, as: UTF8.self)
      }
      guard step > 0 else { return }
      place += Int(step)
    }
  }

  /// The version of a symbol, and whether it is the one that the name alone means.
  func version(of index: Int, _ format: ELFFormat) -> (name: String?, isDefault: Bool) {
    guard let number = format.half(numbers, 2 * index) else { return (nil, true) }
    return (names[number & 0x7FFF], number & 0x8000 == 0)
  }
}

/// A table of symbols with its names.
struct ELFSymbolEntries {
  let format: ELFFormat
  var symbols: [UInt8] = []
  var names: [UInt8] = []
  var versions = ELFSymbolVersions()

  init(format: ELFFormat) { self.format = format }

  var entryByteCount: Int { format.is64Bit ? 24 : 16 }

  func add(to builder: inout SymbolTableBuilder) {
    symbols.withUnsafeBytes { symbols in
      names.withUnsafeBytes { names in
        for index in 0..<(symbols.count / entryByteCount) {
          add(index, symbols, names, to: &builder)
        }
      }
    }
  }

  private func add(
    _ index: Int, _ symbols: UnsafeRawBufferPointer, _ names: UnsafeRawBufferPointer,
    to builder: inout SymbolTableBuilder
  ) {
    let start = index &* entryByteCount
    let section = half(symbols, start &+ (format.is64Bit ? 6 : 14))
    let information = symbols[start &+ (format.is64Bit ? 4 : 12)]
    // Undefined symbols, plain numbers, and the names of sections and files name no place here.
    guard section != 0, section != 0xFFF1, let kind = Self.kind(information & 15) else { return }
    let nameStart = Int(word(symbols, start))
    guard nameStart > 0, nameStart < names.count else { return }
    let rest = names[nameStart...]
    guard let end = rest.firstIndex(of: 0), end > nameStart,
      // What assemblers for ARM mark code and data with.
      names[nameStart] != UInt8(ascii: "$") || end &- nameStart > 2
    else { return }
    let version = versions.version(of: index, format)
    builder.add(
      rest[..<end], version: version.name, isDefault: version.isDefault,
      address: format.is64Bit
        ? long(symbols, start &+ 8) : UInt64(word(symbols, start &+ 4)),
      byteCount: format.is64Bit
        ? long(symbols, start &+ 16) : UInt64(word(symbols, start &+ 8)),
      kind: kind, binding: information >> 4 == 1 ? .global : information >> 4 == 0 ? .local : .weak)
  }

  /// `STT_NOTYPE`, `STT_OBJECT`, `STT_FUNC`, `STT_COMMON`, `STT_TLS`, `STT_GNU_IFUNC`.
  private static func kind(_ type: UInt8) -> ModuleSymbol.Kind? {
    switch type {
    case 0: .label
    case 1, 5: .data
    case 2: .function
    case 6: .threadLocal
    case 10: .indirect
    default: nil
    }
  }

  private func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return format.byteOrder == .little ? UInt16(littleEndian: value) : UInt16(bigEndian: value)
  }

  private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return format.byteOrder == .little ? UInt32(littleEndian: value) : UInt32(bigEndian: value)
  }

  private func long(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return format.byteOrder == .little ? UInt64(littleEndian: value) : UInt64(bigEndian: value)
  }
}
