import MemoryModel
import RemoteMemory

/// Says of integers what they would be as addresses of the target.
final class AddressNames {
  private let source: (any MemorySource)?
  private var map: RegionMap?
  private var names: PlaceNames?
  private var isAsked = false

  init(_ handle: ProcessHandle?) { source = handle?.source }

  /// `game+0x12 rw-p`, or the kind of the mapping; nil where nothing is mapped.
  func name(of value: Int64) -> String? {
    guard value > 0xFFFF else { return nil }
    ask()
    let address = Address(luaInteger: value)
    guard let region = map?.region(containing: address) else { return nil }
    let name = names?.name(of: address) ?? region.kind.rawValue
    return "\(name) \(region.permissions)"
  }

  /// The mappings are read when the first integer needs them.
  private func ask() {
    guard !isAsked, let source else { return }
    isAsked = true
    map = try? source.regionMap()
    names = map.map { PlaceNames($0) }
  }
}
