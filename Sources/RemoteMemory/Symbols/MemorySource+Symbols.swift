public import MemoryModel

extension MemorySource {
  /// The symbol that a name means: `libc.so.6!malloc`, or `malloc` for the first module that has one,
  /// the program itself before its libraries.
  ///
  /// A name is one as the file has it, with or without a version (`memcpy@GLIBC_2.2.5`; without, the
  /// version that new programs get), or one as people write it (`game::Hero::hit`). Of several, those
  /// that other modules may use win.
  /// - Returns: nil where no symbol is called so.
  /// - Throws: `ENOENT` for an unknown module, `EAMBIGUOUS` where several places have the name.
  public func symbol(named text: String) throws(RemoteMemoryError) -> FoundSymbol? {
    let name = SymbolName(text)
    let index = try moduleIndex()
    if let wanted = name.module {
      return try name.find(in: index.module(named: wanted, for: .symbol, of: self), of: self)
    }
    for module in index.inSearchOrder {
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.symbol, .interrupted, process: processID)
      }
      if let found = try name.find(in: module, of: self) { return found }
    }
    return nil
  }

  /// The symbols whose names pass a pattern, as the file has them or as people write them.
  /// - Parameters:
  ///   - pattern: plain text found anywhere in a name, or a pattern with `*` and `?` for all of it.
  ///   - module: one module; nil for all that can be run.
  ///   - limit: the most symbols.
  public func symbols(matching pattern: NamePattern, in module: String?, limit: Int)
    throws(RemoteMemoryError) -> [FoundSymbol]
  {
    let index = try moduleIndex()
    let modules =
      try module.map { (name) throws(RemoteMemoryError) in
        [try index.module(named: name, for: .symbol, of: self)]
      } ?? index.modules.filter(\.hasCode)
    var found: [FoundSymbol] = []
    for module in modules {
      let image = image(of: module)
      let symbols = image.symbols(self)
      for place in 0..<symbols.table.count {
        if found.count >= limit { return found }
        if place % 4096 == 0, interrupt.isInterrupted {
          throw RemoteMemoryError(.symbol, .interrupted, process: processID)
        }
        let raw = symbols.table.nameBytes(at: place)
        guard
          pattern.matches(Array(raw))
            || (Demangler.isMangled(raw)
              && pattern.matches(Array(Demangler.shown(Array(raw)).utf8)))
        else { continue }
        found.append(image.found(place, in: symbols))
      }
    }
    return found
  }

  /// What lies at an address: `libc.so.6!malloc+0x12`, `libc.so.6+0x1234` between symbols,
  /// `[heap]+0x40`.
  /// - Returns: nil where nothing is mapped, and in memory without a name.
  public func placeName(of address: Address) throws(RemoteMemoryError) -> PlaceName? {
    placeName(of: address, in: try moduleIndex(for: address))
  }

  /// The same, among modules that are known.
  func placeName(of address: Address, in index: ModuleIndex) -> PlaceName? {
    guard let module = index.module(containing: address) else {
      guard let region = index.map.region(containing: address), !region.nameBytes.isEmpty else {
        return nil
      }
      return PlaceName(
        place: region.displayName, symbol: nil,
        offset: address.rawValue &- region.start.rawValue)
    }
    if module.hasCode {
      let image = image(of: module)
      let symbols = image.symbols(self)
      let place = address.rawValue &- image.distance
      if let found = symbols.table.index(containing: place) {
        return PlaceName(
          place: module.name, symbol: symbols.shownName(at: found),
          offset: place &- symbols.table.address(at: found))
      }
    }
    return PlaceName(
      place: module.name, symbol: nil, offset: address.rawValue &- module.base.rawValue)
  }
}

extension ModuleIndex {
  /// The modules that can be run, the program itself first: that of the lowest address but for the
  /// libraries.
  var inSearchOrder: [Module] {
    let runnable = modules.filter(\.hasCode)
    guard let program = runnable.firstIndex(where: { !$0.name.contains(".so") }) else {
      return runnable
    }
    var order = runnable
    order.insert(order.remove(at: program), at: 0)
    return order
  }
}

extension ModuleImage {
  /// A symbol of the module, by its index.
  func found(_ index: Int, in symbols: ModuleSymbols) -> FoundSymbol {
    let symbol = symbols.table[index]
    return FoundSymbol(
      module: module, symbol: symbol, name: symbols.shownName(at: index),
      address: symbol.kind == .threadLocal ? nil : Address(symbol.address &+ distance))
  }
}

/// A symbol as somebody names it: `module!name@version`.
struct SymbolName {
  let text: String
  let module: String?
  private let name: String
  private let version: String?

  init(_ text: String) {
    self.text = text
    var rest = text[...]
    if let mark = text.firstIndex(of: "!"), mark > text.startIndex {
      module = String(text[..<mark])
      rest = text[text.index(after: mark)...]
    } else {
      module = nil
      if rest.first == "!" { rest = rest.dropFirst() }
    }
    if let at = rest.firstIndex(of: "@"), at > rest.startIndex {
      name = String(rest[..<at])
      version = String(rest[at...].drop { $0 == "@" })
    } else {
      name = String(rest)
      version = nil
    }
  }

  /// The symbol of a module that is meant; nil for none.
  func find(in module: Module, of source: any MemorySource) throws(RemoteMemoryError)
    -> FoundSymbol?
  {
    let image = source.image(of: module)
    let symbols = image.symbols(source)
    var found = symbols.indices(of: Array(name.utf8)[...])
    if found.isEmpty { found = symbols.indices(shownAs: name) }
    var candidates = found.map { image.found($0, in: symbols) }
    if let version {
      candidates.removeAll { $0.symbol.version != version }
    } else if candidates.contains(where: \.symbol.isDefault) {
      candidates.removeAll { !$0.symbol.isDefault }
    }
    if candidates.contains(where: { $0.symbol.binding != .local }) {
      candidates.removeAll { $0.symbol.binding == .local }
    }
    guard let first = candidates.first else { return nil }
    let places = Set(candidates.map(\.symbol.address))
    guard places.count > 1 else { return first }
    let listed = candidates.prefix(10).map { one in
      "\(one.name) at \(one.address.map { "\($0)" } ?? "an offset")"
    }
    let more = candidates.count > 10 ? " and \(candidates.count - 10) more" : ""
    throw RemoteMemoryError(
      .symbol, .ambiguous([]), process: source.processID,
      detail: "\"\(text)\" could be " + listed.joined(separator: ", ") + more)
  }
}
