import MemoryModel
import Synchronization

/// The symbols of one module, with what was asked of them before.
final class ModuleSymbols: Sendable {
  let table: SymbolTable
  private let names = Mutex<SymbolNames?>(nil)
  private let shown = Mutex<[Int: String]>([:])

  private static let mostShown = 1 << 17

  init(_ table: SymbolTable) { self.table = table }

  /// The symbols of a name as the file has it, by their indices.
  func indices(of name: ArraySlice<UInt8>) -> [Int] {
    guard table.count > 0 else { return [] }
    return names.withLock { known in
      if known == nil { known = SymbolNames(table) }
      return known?.indices(of: name, in: table) ?? []
    }
  }

  /// The name of a symbol as people write it.
  func shownName(at index: Int) -> String {
    if let known = shown.withLock({ $0[index] }) { return known }
    let name = Demangler.shown(Array(table.nameBytes(at: index)))
    shown.withLock { known in
      if known.count >= Self.mostShown { known.removeAll() }
      known[index] = name
    }
    return name
  }

  /// The symbols that people write so: with or without what is in brackets behind a function.
  func indices(shownAs name: String) -> [Int] {
    let wanted = Array(name.utf8)
    let word = Self.word(of: wanted)
    return (0..<table.count).filter { index in
      let raw = table.nameBytes(at: index)
      guard Demangler.isMangled(raw), Demangler.isSwift(raw) || word.isEmpty || raw.contains(word)
      else { return false }
      let shown = Array(Demangler.shown(Array(raw)).utf8)
      return shown == wanted
        || (shown.starts(with: wanted) && [0x28, 0x3C, 0x5B].contains(shown[wanted.count]))
    }
  }

  /// A word that stands in the mangled name too, but for those of Swift: so most need not be
  /// demangled. Empty where there is none for sure.
  private static func word(of name: [UInt8]) -> ArraySlice<UInt8> {
    let plain = name.prefix { $0 != 0x28 && $0 != 0x3C && $0 != 0x5B && $0 != 0x7B }
    guard let last = plain.split(whereSeparator: { !isNameByte($0) }).last,
      !last.elementsEqual("operator".utf8)
    else { return [] }
    return last
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  byte == 0x5F || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
}

extension ArraySlice<UInt8> {
  /// Whether some bytes stand in it.
  func contains(_ needle: ArraySlice<UInt8>) -> Bool {
    guard let first = needle.first, needle.count <= count else { return false }
    var start = startIndex
    while let place = self[start...].firstIndex(of: first) {
      if self[place...].starts(with: needle) { return true }
      start = place + 1
    }
    return false
  }
}
