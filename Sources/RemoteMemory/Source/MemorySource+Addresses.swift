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
    switch map.module(named: name) {
    case .one(let module): return module.base
    case .ambiguous(let modules):
      let names = modules.map(\.path).joined(separator: ", ")
      throw RemoteMemoryError(
        .address, .ambiguous([]), process: processID, detail: "\"\(name)\" could be \(names)")
    case .none:
      throw RemoteMemoryError(
        .address, .notFound, process: processID, detail: "no module or region named \"\(name)\"")
    }
  }

  /// What lies at an address, in a form `address(_:)` reads back: `libc.so.6+0x12`, `[heap]+0x40`.
  /// - Returns: nil where nothing is mapped, and in memory without a name.
  public func name(of address: Address) throws(RemoteMemoryError) -> String? {
    var names = PlaceNames(try regionMap())
    return names.name(of: address)
  }
}

/// Names places of one map, many of them quickly.
public struct PlaceNames {
  private let map: RegionMap
  private let modules: [Module]
  /// The region of the place before, and what it is named after.
  private var last: (range: AddressRange, name: String?, start: Address)?

  /// Names for the places of a map.
  public init(_ map: RegionMap) {
    self.map = map
    modules = map.modules()
  }

  /// The module or named region an address lies in, and how far into it; nil where nothing is
  /// mapped, and in memory without a name.
  public mutating func name(of address: Address) -> String? {
    if last?.range.contains(address) != true {
      guard let region = map.region(containing: address) else { return nil }
      last = (region.range, nil, region.start)
      if let module = modules.first(where: { $0.regions.contains(region) }) {
        last = (region.range, module.name, module.base)
      } else if !region.nameBytes.isEmpty {
        last = (region.range, region.displayName, region.start)
      }
    }
    guard let last, let name = last.name else { return nil }
    let offset = address.rawValue &- last.start.rawValue
    return offset == 0 ? name : "\(name)+0x\(String(offset, radix: 16))"
  }
}
