public import MemoryModel

/// The modules of one map, to be found by address and by name.
public final class ModuleIndex: Sendable {
  /// What was mapped.
  public let map: RegionMap
  /// All modules in the order of addresses, the code of the kernel (`[vdso]`) among them.
  public let modules: [Module]
  /// The stretches they are made of, rising, each with the number of its module.
  private let stretches: [(range: AddressRange, module: Int)]

  /// The modules of a map.
  public init(_ map: RegionMap) {
    self.map = map
    var modules = map.modules()
    if let vdso = map.vdso {
      modules.insert(vdso, at: modules.firstIndex { $0.base > vdso.base } ?? modules.count)
    }
    self.modules = modules
    stretches = modules.enumerated().flatMap { number, module in
      module.regions.map { ($0.range, number) }
    }
  }

  /// The module that a byte lies in, its gaps not included.
  public func module(containing address: Address) -> Module? {
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = low + (high - low) / 2
      if stretches[middle].range.start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, stretches[low - 1].range.contains(address) else { return nil }
    return modules[stretches[low - 1].module]
  }

  /// The module that a name means, by the rules of `ModuleMatch`; `vdso` is the kernel's code.
  public func match(_ name: String) -> ModuleMatch {
    if name == "vdso", let vdso = map.vdso { return .one(vdso) }
    return ModuleMatch(name, among: modules)
  }

  /// The one module that a name means.
  /// - Throws: `ENOENT`, and `EAMBIGUOUS` with the candidates.
  func module(
    named name: String, for operation: RemoteMemoryError.Operation, of source: any MemorySource
  ) throws(RemoteMemoryError) -> Module {
    switch match(name) {
    case .one(let module): return module
    case .ambiguous(let modules):
      let names = modules.map { "\($0.path) at \($0.base)" }.joined(separator: ", ")
      throw RemoteMemoryError(
        operation, .ambiguous([]), process: source.processID,
        detail: "\"\(name)\" could be \(names)")
    case .none:
      throw RemoteMemoryError(
        operation, .notFound, process: source.processID, detail: "no module named \"\(name)\"")
    }
  }
}

extension MemorySource {
  /// The modules at this moment. Asking often costs little: nothing is read or sorted again while the
  /// maps are the same.
  public func moduleIndex() throws(RemoteMemoryError) -> ModuleIndex {
    try moduleCache.index(of: regionMap())
  }

  /// The same as `moduleIndex`, where nothing quicker is known.
  public func moduleIndex(for address: Address) throws(RemoteMemoryError) -> ModuleIndex {
    try moduleIndex()
  }
}
