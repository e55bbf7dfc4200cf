import MemoryModel
import RemoteMemory

/// A stretch of memory read as pointers, each followed as far as it leads: what lies on a stack or in a
/// struct nobody has a layout of.
final class TelescopeObject {
  /// One word, and where it leads.
  struct Row {
    let address: Address
    /// nil: it could not be read.
    let value: UInt64?
    /// The word, what it points to, what that points to ...; without the last, which is no pointer.
    var hops: [Hop] = []
    /// What the last value is, in words: text that stands there, characters, a small number.
    var end: String?
  }

  /// A pointer on the way.
  struct Hop {
    let address: Address
    let place: String
  }

  let label: String
  let rows: [Row]

  init(label: String, rows: [Row]) {
    self.label = label
    self.rows = rows
  }

  /// Words that are followed at once.
  static let mostWords = 4096
  fileprivate static let mostHops = 5

  /// Reads words from an address on.
  static func read(
    _ source: any MemorySource, at address: Address, count: Int
  ) throws(RemoteMemoryError) -> TelescopeObject {
    let width = source.pointerWidth.bytes
    let (bytes, holes) = try source.readSparse(at: address, count: count * width)
    var pass = TelescopePass(source, try source.regionMap())
    var rows: [Row] = []
    for index in 0..<count {
      if index % 64 == 0, source.interrupt.isInterrupted { break }
      let range = (index * width)..<((index + 1) * width)
      let isWhole = holes.allSatisfy { $0.offset + $0.count <= range.lowerBound || $0.offset >= range.upperBound }
      let place = address.offset(by: Int64(range.lowerBound))
      guard isWhole else {
        rows.append(Row(address: place, value: nil))
        continue
      }
      rows.append(pass.row(place, pass.word(bytes[range])))
    }
    return TelescopeObject(label: source.label, rows: rows)
  }
}

/// Follows pointers through one map.
private struct TelescopePass {
  let source: any MemorySource
  let map: RegionMap
  private var places: HitPlaces

  init(_ source: any MemorySource, _ map: RegionMap) {
    self.source = source
    self.map = map
    places = HitPlaces(map)
  }

  func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    let ordered = source.byteOrder == .little ? Array(bytes.reversed()) : Array(bytes)
    return ordered.reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func row(_ address: Address, _ value: UInt64) -> TelescopeObject.Row {
    var row = TelescopeObject.Row(address: address, value: value)
    var (next, seen) = (value, Set<UInt64>())
    while row.hops.count < TelescopeObject.mostHops {
      let target = Address(next)
      guard let region = map.region(containing: target), region.permissions.contains(.read) else {
        row.end = row.end ?? words(next)
        return row
      }
      row.hops.append(TelescopeObject.Hop(address: target, place: places.place(of: target)))
      guard seen.insert(next).inserted else {
        row.end = "and so on in a circle"
        return row
      }
      // Code is a place by itself.
      if region.permissions.contains(.execute) { return row }
      guard let bytes = try? source.readPartial(at: target, count: 64).bytes else { return row }
      if let text = Self.text(bytes) {
        row.end = "\"\(text)\""
        return row
      }
      let width = source.pointerWidth.bytes
      guard bytes.count >= width else { return row }
      next = word(bytes[..<width])
    }
    return row
  }

  /// At least four characters up to a zero byte, or to the end of what was read.
  private static func text(_ bytes: [UInt8]) -> String? {
    let start = bytes.prefix { $0 >= 0x20 && $0 != 0x7F }
    guard start.count >= 4, start.count == bytes.count || bytes[start.count] == 0 else { return nil }
    guard String(validating: start, as: UTF8.self) != nil || start.count == bytes.count else {
      return nil
    }
    let shown = printable(Array(start))
    return start.count == bytes.count ? shown + "..." : shown
  }

  /// A value that points nowhere.
  private func words(_ value: UInt64) -> String {
    let width = source.pointerWidth.bytes
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    let ordered = source.byteOrder == .little ? bytes : bytes.reversed()
    let text = ordered.prefix { (0x20...0x7E).contains($0) }
    if text.count >= 4, ordered[text.count...].allSatisfy({ $0 == 0 }) {
      return "\"\(printable(Array(text)))\""
    }
    let number = width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    return number.magnitude <= 0xFFFF ? "\(number)" : "0x\(String(value, radix: 16)) (\(number))"
  }
}
