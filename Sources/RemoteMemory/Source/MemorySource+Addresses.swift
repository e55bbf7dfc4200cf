public import MemoryModel

extension MemorySource {
  /// The address an expression such as `[[game+0x1234]+0x10]+8` stands for at this moment.
  ///
  /// A name is a module's (its whole path, the last part of it, or the start of that: `libc` for
  /// `libc.so.6`) and stands for its first address; `heap` and `stack` are the regions of that
  /// name.
  /// - Throws: `ENOENT` for an unknown name, `EAMBIGUOUS` for one that fits several modules,
  ///   `EFAULT` for a pointer that cannot be read.
  public func address(of expression: AddressExpression) throws(RemoteMemoryError) -> Address {
    let map = expression.names.isEmpty ? RegionMap([]) : try regionMap()
    do throws(RemoteMemoryError) {
      return try expression.evaluate(
        lookUp: { (name) throws(RemoteMemoryError) in try start(of: name, in: map) },
        read: { (address) throws(RemoteMemoryError) in try readPointer(at: address) })
    } catch {
      throw error.cause == .fault ? error.during(.address) : error
    }
  }

  /// Parses an expression and evaluates it.
  /// - Throws: `EINVAL` with the column for text that is no expression; otherwise as
  ///   `address(of:)`.
  public func address(_ text: String) throws(RemoteMemoryError) -> Address {
    let expression: AddressExpression
    do throws(AddressSyntaxError) {
      expression = try AddressExpression(parsing: text)
    } catch {
      throw RemoteMemoryError(
        .address, .invalid, process: processID, detail: "\"\(text)\", \(error)")
    }
    return try address(of: expression)
  }

  func start(of name: String, in map: RegionMap) throws(RemoteMemoryError) -> Address {
    let special = map.regions.first { region in
      region.nameBytes.first == UInt8(ascii: "[")
        && (region.nameBytes.elementsEqual(name.utf8)
          || region.nameBytes.elementsEqual("[\(name)]".utf8))
    }
    if let special { return special.start }
    let index = moduleCache.index(of: map)
    if name.contains("!"), case .none = index.match(name) { return try address(ofSymbol: name) }
    return try index.module(named: name, for: .address, of: self).base
  }

  /// Where a symbol lies: `libc.so.6!environ`.
  /// - Throws: `ENOENT` where nothing is called so, `EINVAL` where each thread has its own.
  public func address(ofSymbol name: String) throws(RemoteMemoryError) -> Address {
    guard let found = try symbol(named: name) else {
      throw RemoteMemoryError(
        .address, .notFound, process: processID, detail: "no symbol named \"\(name)\"")
    }
    guard let address = found.address else {
      throw RemoteMemoryError(
        .address, .invalid, process: processID,
        detail: "of \"\(name)\" each thread has its own, which has no one address")
    }
    return address
  }

  /// What lies at an address: `libc.so.6!malloc+0x12`, `[heap]+0x40`; see `placeName(of:)`. Names of C
  /// are read back by `address(_:)`.
  /// - Returns: nil where nothing is mapped, and in memory without a name.
  public func name(of address: Address) throws(RemoteMemoryError) -> String? {
    try placeName(of: address)?.text
  }
}

/// Names places of one moment, many of them quickly.
public struct PlaceNames {
  private let index: ModuleIndex
  private let source: (any MemorySource)?

  /// Names for the places of a map, by modules and regions.
  public init(_ map: RegionMap) {
    index = ModuleIndex(map)
    source = nil
  }

  /// Names for the places of a source as it is now, by symbols too.
  public init(of source: any MemorySource) throws(RemoteMemoryError) {
    index = try source.moduleIndex()
    self.source = source
  }

  /// The symbol, module or named region an address lies in, and how far into it; nil where nothing is
  /// mapped, and in memory without a name.
  public func name(of address: Address) -> String? {
    if let source { return source.placeName(of: address, in: index)?.text }
    if let module = index.module(containing: address) {
      let offset = address.rawValue &- module.base.rawValue
      return PlaceName(place: module.name, symbol: nil, offset: offset).text
    }
    guard let region = index.map.region(containing: address), !region.nameBytes.isEmpty else {
      return nil
    }
    let offset = address.rawValue &- region.start.rawValue
    return PlaceName(place: region.displayName, symbol: nil, offset: offset).text
  }
}
