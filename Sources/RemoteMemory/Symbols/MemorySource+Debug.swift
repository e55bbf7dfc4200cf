public import MemoryModel

/// A variable of a program, or a part of one.
public struct DebugVariable: Hashable, Sendable {
  /// Its module.
  public let module: Module
  /// How it was asked for.
  public let name: String
  /// Where it lies.
  public let address: Address
  /// What it is.
  public let type: DebugType
  /// Of a bit field: which bits.
  public let bits: DebugRecord.BitRange?
}

extension MemorySource {
  /// Whether this program can read lines, variables and types: the trait Debuginfo.
  public static var readsDebugInformation: Bool { DebugInformation.isBuiltIn }

  /// The line of the source that code was made of.
  /// - Returns: nil where the module has no debug information, or that does not tell.
  public func sourceLine(of address: Address) throws(RemoteMemoryError) -> SourceLine? {
    sourceLine(of: address, in: try moduleIndex(for: address))
  }

  /// What an address is called, and the line of its code; each nil where it has none.
  public func namedPlace(of address: Address)
    throws(RemoteMemoryError) -> (name: PlaceName?, line: SourceLine?)
  {
    let index = try moduleIndex(for: address)
    return (placeName(of: address, in: index), sourceLine(of: address, in: index))
  }

  private func sourceLine(of address: Address, in index: ModuleIndex) -> SourceLine? {
    guard DebugInformation.isBuiltIn, let module = index.module(containing: address),
      module.hasCode
    else { return nil }
    let image = image(of: module)
    guard case .present(let debug) = image.debugInformation(self) else { return nil }
    return debug.line(of: address.rawValue &- image.distance)
  }

  /// A variable by its name in the source, or a part of it: `hero`, `hero.health`, `hero.pos[2]`,
  /// `first->next->value`, `game!hero`. Pointers are read where `->` follows them.
  /// - Throws: `ENOENT` where there is no such variable or member, or no debug information; `EFAULT`
  ///   for a pointer that leads nowhere.
  public func variable(named text: String) throws(RemoteMemoryError) -> DebugVariable {
    let path = VariablePath(text)
    let modules = try searched(path.module)
    // Most likely a variable of the program was meant.
    var reason = ""
    for module in modules {
      let image = image(of: module)
      switch image.debugInformation(self) {
      case .unknown: break
      case .absent(let problem):
        if module == modules.first { reason = " (\(module.name): \(problem))" }
      case .present(let debug):
        guard let found = debug.variable(named: path.variable) else { continue }
        var place = DebugVariable(
          module: module, name: text, address: Address(found.address &+ image.distance),
          type: found.type, bits: nil)
        for step in path.steps { place = try follow(step, from: place, debug) }
        return place
      }
    }
    throw noSuch("no debug information tells of a variable named \"\(path.variable)\"\(reason)")
  }

  /// A type by its name in the source: `entity`, `game::Hero`, `game!entity`.
  /// - Returns: nil where no debug information tells of it.
  public func debugType(named text: String) throws(RemoteMemoryError) -> DebugType? {
    let path = VariablePath(text)
    for module in try searched(path.module) {
      guard case .present(let debug) = image(of: module).debugInformation(self) else { continue }
      if let found = debug.type(named: path.variable) { return found }
    }
    return nil
  }

  private func searched(_ name: String?) throws(RemoteMemoryError) -> [Module] {
    let index = try moduleIndex()
    if let name { return [try index.module(named: name, for: .symbol, of: self)] }
    return index.inSearchOrder
  }

  private func follow(
    _ step: VariablePath.Step, from place: DebugVariable, _ debug: DebugInformation
  ) throws(RemoteMemoryError) -> DebugVariable {
    switch step {
    case .member(let name):
      guard case .record(let record) = place.type else {
        throw noSuch("\(place.name): what stands before .\(name) is no struct")
      }
      guard let member = record.member(named: name) else {
        let known = record.memberNames.prefix(20).joined(separator: ", ")
        throw noSuch("\(place.name): there is no member \(name), but \(known)")
      }
      return DebugVariable(
        module: place.module, name: place.name,
        address: place.address.offset(by: Int64(member.offset)), type: member.type,
        bits: member.bits)
    case .element(let index):
      guard case .array(let element, let count, let stride) = place.type else {
        throw noSuch("\(place.name): what stands before [\(index)] is no array")
      }
      guard index < count || count == 0 else {
        throw noSuch("\(place.name): there are \(count) elements, from [0] on")
      }
      return DebugVariable(
        module: place.module, name: place.name,
        address: place.address.offset(by: Int64(index) &* Int64(stride)), type: element, bits: nil)
    case .pointee:
      guard case .pointer(let name) = place.type, let name, let type = debug.type(named: name)
      else { throw noSuch("\(place.name): what stands before -> is no pointer to a known struct") }
      return DebugVariable(
        module: place.module, name: place.name, address: try readPointer(at: place.address),
        type: type, bits: nil)
    }
  }

  private func noSuch(_ detail: String) -> RemoteMemoryError {
    RemoteMemoryError(.symbol, .notFound, process: processID, detail: detail)
  }
}

/// A variable and the way to a part of it, as somebody writes it.
struct VariablePath {
  enum Step: Hashable {
    case member(String)
    case element(Int)
    case pointee
  }

  let module: String?
  let variable: String
  private(set) var steps: [Step] = []

  init(_ text: String) {
    var rest = text[...]
    if let mark = text.firstIndex(of: "!"), mark > text.startIndex {
      module = String(text[..<mark])
      rest = text[text.index(after: mark)...]
    } else {
      module = nil
    }
    let end = Self.endOfName(rest)
    variable = String(rest[..<end])
    rest = rest[end...]
    while let first = rest.first, steps.count < 64 {
      if first == "[", let close = rest.firstIndex(of: "]"),
        let index = Int(rest[rest.index(after: rest.startIndex)..<close]), index >= 0,
        index < 1 << 40
      {
        steps.append(.element(index))
        rest = rest[rest.index(after: close)...]
        continue
      }
      if rest.hasPrefix("->") {
        steps.append(.pointee)
        rest = rest.dropFirst(2)
      } else {
        rest = rest.dropFirst()
      }
      let end = Self.endOfName(rest)
      steps.append(.member(String(rest[..<end])))
      rest = rest[end...]
    }
  }

  /// Names may have `::` and `<>` in them, of C++.
  private static func endOfName(_ text: Substring) -> Substring.Index {
    text.indices.first { text[$0] == "." || text[$0] == "[" || text[$0...].hasPrefix("->") }
      ?? text.endIndex
  }
}
