public import MemoryModel

/// What pointer paths begin in: a module, or a region with a name, both of which are found again in
/// another run; or nothing but addresses.
public struct PointerBase: Hashable, Sendable {
  /// What it is.
  public enum Kind: UInt8, Hashable, Sendable {
    /// Addresses, which mean the same only in this run.
    case absolute
    /// A mapped file: its data is what is called static.
    case module
    /// A region such as `[heap]`.
    case region
  }

  /// What it is.
  public let kind: Kind
  /// The name by which expressions find it; empty for `absolute`.
  public let name: String
  /// Where it begins; 0 for `absolute`.
  public let start: Address
  /// What belongs to it, rising.
  let ranges: [AddressRange]
  /// Whether it is the program itself: the first file with code.
  public let isProgram: Bool

  /// Addresses that belong to nothing with a name.
  public static let absolute = PointerBase(
    kind: .absolute, name: "", start: .zero, ranges: [], isProgram: false)

  /// Whether it is the same thing, perhaps in another run.
  func isLike(_ other: PointerBase) -> Bool { kind == other.kind && name == other.name }
}

extension RegionMap {
  /// All that pointer paths may begin in and that a name finds again. Of the regions of modules and
  /// of those with names, each is in one at most.
  var pointerBases: [PointerBase] {
    let modules = modules()
    var names: [[UInt8]: Int] = [:]
    for module in modules { names[Array(module.name.utf8), default: 0] += 1 }
    for module in modules { names[module.pathBytes, default: 0] += 1 }
    let program = modules.first(where: \.hasCode)?.base
    var bases: [PointerBase] = []
    var taken: Set<Address> = []
    for module in modules {
      taken.formUnion(module.regions.map(\.start))
      guard let name = module.uniqueName(names) else { continue }
      bases.append(
        PointerBase(
          kind: .module, name: name, start: module.base, ranges: module.regions.map(\.range),
          isProgram: module.base == program))
    }
    var seen: Set<[UInt8]> = []
    for region in regions where region.nameBytes.first == UInt8(ascii: "[") {
      guard !taken.contains(region.start), seen.insert(region.nameBytes).inserted else { continue }
      bases.append(
        PointerBase(
          kind: .region, name: region.displayName, start: region.start, ranges: [region.range],
          isProgram: false))
    }
    return bases
  }
}

extension Module {
  /// The last part of the path where no other module has it, else the whole path; nil when not even
  /// that tells it apart.
  /// - Parameter names: how many modules have a name or path.
  fileprivate func uniqueName(_ names: [[UInt8]: Int]) -> String? {
    for name in [name, path] {
      let bytes = Array(name.utf8)
      // What could not be printed as it is does not read back either.
      guard names[bytes] == 1, pathBytes.suffix(bytes.count).elementsEqual(bytes),
        !(name.contains("\"") && name.contains("'"))
      else { continue }
      return name
    }
    return nil
  }
}
