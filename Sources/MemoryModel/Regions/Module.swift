/// A file a process has mapped: its program, a library, or data; with everything mapped from it in
/// one stretch.
public struct Module: Hashable, Sendable {
  /// The path as the bytes maps gives, without a trailing ` (deleted)`.
  public let pathBytes: [UInt8]
  /// Whether maps says ` (deleted)`: the path may now be another file, as after an update.
  public let isDeleted: Bool
  /// The regions in the order of addresses, with the memory without a file that belongs to it (bss),
  /// cut where the image ends.
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
  /// The code that the kernel lends to every process, as a module called `[vdso]`; nil where there is
  /// none.
  public var vdso: Module? {
    regions.first { $0.kind == .vdso }.map { Module(regions: [$0]) }
  }

  /// Every mapped file in the order of addresses, libraries and data alike.
  ///
  /// Where `imageEnds` tells how large an image is, everything of it up to there makes one module:
  /// its file, and the memory without a file between and behind (bss, and sections that a loader
  /// copied), of which no more than that is taken. Otherwise regions of one file (same device, inode
  /// and path) that follow each other make one module, gaps or not, with the writable memory directly
  /// behind the last writable one.
  public func modules() -> [Module] {
    var modules: [Module] = []
    var index = 0
    while index < regions.count {
      let region = regions[index]
      guard region.kind == .file || region.kind == .memfd else {
        index &+= 1
        continue
      }
      let parts =
        imageEnds[region.start].map { imageParts(from: index, to: $0) } ?? fileParts(from: index)
      modules.append(Module(regions: parts))
      index &+= parts.count
    }
    return modules
  }

  /// The regions, with memory without a file cut in two where an image ends in it: what lies behind
  /// belongs to somebody else.
  public var regionsCutAtImages: [Region] {
    guard !imageEnds.isEmpty else { return regions }
    let ends = imageEnds.values.sorted()
    var next = 0
    var cut: [Region] = []
    cut.reserveCapacity(regions.count)
    for region in regions {
      while next < ends.count, ends[next] <= region.start { next &+= 1 }
      if next < ends.count, ends[next] < region.end,
        region.kind == .anonymous || region.kind == .heap,
        let own = region.clipped(to: AddressRange(start: region.start, end: ends[next])),
        let rest = region.clipped(to: AddressRange(start: ends[next], end: region.end))
      {
        cut += [own, rest]
      } else {
        cut.append(region)
      }
    }
    return cut
  }

  /// What belongs to the image that begins with a region and ends at an address.
  private func imageParts(from index: Int, to end: Address) -> [Region] {
    let first = regions[index]
    let extent = AddressRange(start: first.start, end: end)
    var parts = [first]
    for region in regions[(index &+ 1)...] {
      guard region.start < end else { break }
      guard region.isSameFile(as: first) || region.kind == .anonymous || region.kind == .heap,
        let part = region.clipped(to: extent)
      else { break }
      parts.append(part)
    }
    return parts
  }

  /// The regions of one file that follow each other, and what is taken for its data behind them.
  private func fileParts(from index: Int) -> [Region] {
    let first = regions[index]
    var parts = [first]
    var hasTail = false
    for region in regions[(index &+ 1)...] {
      if region.isSameFile(as: first), imageEnds[region.start] == nil {
        hasTail = false
      } else if !hasTail, let last = parts.last, region.isTail(of: last) {
        hasTail = true
      } else {
        break
      }
      parts.append(region)
    }
    return parts
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
