extension PEImage {
  /// Adds what the image exports by name; addresses are counted from its start.
  /// - Parameter read: gives bytes of the image as it is loaded, counted from its start.
  public func addExports(to builder: inout SymbolTableBuilder, _ read: FileReader) {
    guard let directory = directories.first, directory.address > 0 else { return }
    let format = Self.format
    let table = read(UInt64(directory.address), Int(min(directory.byteCount, 1 << 24)))
    guard let functionCount = format.word(table, 20), let nameCount = format.word(table, 24),
      let functions = format.word(table, 28), let names = format.word(table, 32),
      let ordinals = format.word(table, 36), functionCount <= 1 << 20, nameCount <= 1 << 20
    else { return }
    let addresses = read(UInt64(functions), Int(functionCount) * 4)
    let nameAddresses = read(UInt64(names), Int(nameCount) * 4)
    let numbers = read(UInt64(ordinals), Int(nameCount) * 2)
    for index in 0..<Int(nameCount) {
      guard let place = format.word(nameAddresses, 4 * index),
        let number = format.half(numbers, 2 * index),
        let address = format.word(addresses, 4 * Int(number)), address > 0,
        // What lies in the directory itself is text: the function of another module.
        address < directory.address || address - directory.address >= directory.byteCount
      else { continue }
      let name = name(at: place, in: table, from: directory.address, read)
      name.withUnsafeBytes {
        builder.add(
          $0[...], address: UInt64(address), byteCount: 0,
          kind: isCode(address) ? .function : .data, binding: .global)
      }
    }
    builder.stretches += sections.map {
      AddressRange(start: Address(UInt64($0.address)), count: UInt64($0.byteCount))
    }
  }

  private func name(
    at address: UInt32, in table: [UInt8], from start: UInt32, _ read: FileReader
  ) -> [UInt8] {
    if address >= start, Int(address - start) < table.count {
      let rest = table[Int(address - start)...]
      let name = rest.prefix(4096).prefix { $0 != 0 }
      if name.endIndex < table.count { return Array(name) }
    }
    return Array(read(UInt64(address), 512).prefix { $0 != 0 })
  }

  private func isCode(_ address: UInt32) -> Bool {
    sections.contains {
      $0.isExecutable && address >= $0.address && address - $0.address < $0.byteCount
    }
  }

  /// What tells one build from another: the identity of its debug information (`RSDS`), 16 bytes and
  /// how often it was rewritten; nil where the image has none.
  /// - Parameter read: as for `addExports`.
  public func buildID(_ read: FileReader) -> [UInt8]? {
    guard directories.count > 6, directories[6].address > 0 else { return nil }
    let entries = read(UInt64(directories[6].address), Int(min(directories[6].byteCount, 28 * 16)))
    for start in stride(from: 0, to: entries.count - 27, by: 28) {
      guard Self.format.word(entries, start + 12) == 2,
        let place = Self.format.word(entries, start + 20)
      else { continue }
      let record = read(UInt64(place), 24)
      if record.starts(with: Array("RSDS".utf8)), record.count == 24 { return Array(record[4...]) }
    }
    return nil
  }

  /// The name of its machine, as `ELFIdentity.machineName` gives it.
  public var machineName: String {
    switch machine {
    case 0x14C: "i386"
    case 0x1C0, 0x1C4: "arm"
    case 0x8664: "x86_64"
    case 0xAA64: "aarch64"
    default: "machine \(machine)"
    }
  }
}
