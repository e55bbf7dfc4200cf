import LuaHost
import MemoryModel
import RemoteMemory

/// The result of a search, as a script holds it.
public final class HitsObject {
  let handle: ProcessHandle
  let hits: Hits

  init(handle: ProcessHandle, hits: Hits) {
    self.handle = handle
    self.hits = hits
  }

  /// The hit with this number, from 1, as a cell.
  func cell(_ number: Int64) -> CellObject? {
    guard number >= 1, let hit = hits.hit(at: Int(clamping: number) - 1) else { return nil }
    return CellObject(handle: handle, hit: hit, of: hits)
  }

  /// A range of hit numbers as a script gives it, both from 1 and included; cut at the ends.
  func range(_ first: Int64, _ last: Int64) -> Range<Int> {
    let low = max(first, 1) - 1
    let high = min(last, Int64(hits.count))
    return low < high ? Int(low)..<Int(high) : 0..<0
  }
}

extension Hits {
  /// What a first scan did not look at, in words; nil when that was nothing.
  var leftOutText: String? {
    let outside = outcome.outside
    var parts: [String] = []
    if outside.readOnly > 0 { parts.append("\(outside.readOnly.sizeText) read-only") }
    if outside.shared > 0 { parts.append("\(outside.shared.sizeText) shared") }
    if outside.writable > 0 { parts.append("\(outside.writable.sizeText) writable") }
    let other = outcome.leftOut.reduce(UInt64(0)) { $0 &+ $1.byteCount }
    if other > 0 { parts.append("\(other.sizeText) not safe or not possible to read") }
    guard !parts.isEmpty else { return nil }
    return "searched \(outcome.statistics.bytesRead.sizeText) in \(outcome.statistics.regions) "
      + "regions; left out: \(parts.joined(separator: ", ")) (perms=\"r\" takes all that can be read)"
  }
}

/// Names the places of hits in words.
struct HitPlaces {
  private let map: RegionMap
  private var names: PlaceNames

  init(_ map: RegionMap) {
    self.map = map
    names = PlaceNames(map)
  }

  /// `[heap]+0x40`, or the kind and start of a region without a name.
  mutating func place(of address: Address) -> String {
    if let name = names.name(of: address) { return name }
    guard let region = map.region(containing: address) else { return "not mapped" }
    let offset = address.rawValue &- region.start.rawValue
    return "\(region.kind.rawValue) \(region.start)+0x\(String(offset, radix: 16))"
  }
}
