/// A file a process has mapped: its program, a library, or data; with everything mapped from it in
/// one stretch.
public struct Module: Hashable, Sendable {
  /// The path as the bytes maps gives, without a trailing ` (deleted)`.
  public let pathBytes: [UInt8]
  /// Whether maps says ` (deleted)`: the path may now be another file, as after an update.
  public let isDeleted: Bool
  /// The regions in the order of addresses, with the unnamed data (bss) directly behind the last
  /// writable one.
  public let regions: [Region]

  /// The last part of the path, printable.
  public var name: String { printable(Array(baseName(pathBytes))) }
  /// The path, printable.
  public var path: String { printable(pathBytes) }
  /// The first address.
  public var base: Address { regions.first?.start ?? .zero }
  /// The address after the last byte.
  public var end: Address { regions.last?.end ?? .zero }
  /// From the first address to the last, gaps included.
  public var range: AddressRange { AddressRange(start: base, end: end) }
  /// Whether any part of it can be run.
  public var hasCode: Bool { regions.contains { $0.permissions.contains(.execute) } }

  /// The module made of these regions, of which the first one names the file.
  init(regions: [Region]) {
    self.regions = regions
    let name = regions.first?.nameBytes ?? []
    isDeleted = name.hasSuffix(" (deleted)")
    pathBytes = isDeleted ? Array(name.dropLast(10)) : name
  }
}

extension RegionMap {
  /// Every mapped file in the order of addresses, libraries and data alike.
  ///
  /// Regions of one file (same device, inode and path) that follow each other make one module, gaps
  /// or not.
  public func modules() -> [Module] {
    var modules: [Module] = []
    var current: [Region] = []
    var tail: Region?
    func finish() {
      if let tail { current.append(tail) }
      if !current.isEmpty { modules.append(Module(regions: current)) }
      current = []
      tail = nil
    }
    for region in regions {
      if let first = current.first, region.isSameFile(as: first) {
        if let bss = tail { current.append(bss) }
        tail = nil
        current.append(region)
      } else if tail == nil, let last = current.last, region.isTail(of: last) {
        tail = region
      } else {
        finish()
        if region.kind == .file || region.kind == .memfd { current = [region] }
      }
    }
    finish()
    return modules
  }

  /// The module a byte lies in, its gaps not included.
  public func module(containing address: Address) -> Module? {
    modules().first { module in module.regions.contains { $0.range.contains(address) } }
  }
}

extension Region {
  /// Whether both regions map the same file.
  fileprivate func isSameFile(as other: Region) -> Bool {
    inode == other.inode && deviceMajor == other.deviceMajor && deviceMinor == other.deviceMinor
      && kind == other.kind && nameBytes == other.nameBytes
  }

  /// Whether this is unnamed data directly behind `last`, which is how the loader maps bss.
  fileprivate func isTail(of last: Region) -> Bool {
    kind == .anonymous && nameBytes.isEmpty && range.start == last.range.end
      && permissions.contains(.write) && last.permissions.contains(.write)
      && last.kind == .file
  }
}
