import MemoryModel

extension RegionMap {
  /// Where programs and libraries may begin: readable mappings of the beginning of a file that
  /// something runnable of it, or memory without a file, follows. What only looks like one is data,
  /// which nobody needs to read.
  func imageStarts() -> [Region] {
    var starts: [Region] = []
    for (index, region) in regions.enumerated() {
      guard region.kind == .file || region.kind == .memfd, region.offset == 0,
        region.permissions.contains(.read)
      else { continue }
      for follower in regions[index...].prefix(Self.mostParts) {
        guard
          follower.kind == .anonymous || follower.kind == .heap
            || follower.fileKey == region.fileKey
        else { break }
        if follower.permissions.contains(.execute) {
          starts.append(region)
          break
        }
      }
    }
    return starts
  }

  /// How many mappings an image is looked through for something runnable.
  private static var mostParts: Int { 64 }

  /// Fills in where images end, as their headers in memory say.
  /// - Parameters:
  ///   - earlier: a map whose images need not be read again.
  ///   - gather: reads ranges, one behind the other; false where nothing could be read.
  mutating func findImageEnds(
    after earlier: RegionMap? = nil,
    _ gather: ([AddressRange], UnsafeMutableRawBufferPointer) -> [Hole]?
  ) {
    var wanted: [Region] = []
    for start in imageStarts() {
      if let earlier, let end = earlier.imageEnds[start.start],
        earlier.region(containing: start.start) == start
      {
        imageEnds[start.start] = end
      } else {
        wanted.append(start)
      }
    }
    var done = 0
    while done < wanted.count {
      let part = Array(wanted[done...].prefix(1024))
      done += part.count
      unsafe readHeaders(of: part, gather)
    }
  }

  private mutating func readHeaders(
    of starts: [Region], _ gather: ([AddressRange], UnsafeMutableRawBufferPointer) -> [Hole]?
  ) {
    let size = ImageExtent.headerByteCount
    let spans = starts.map { AddressRange(start: $0.start, count: UInt64(size)) }
    var bytes = [UInt8](repeating: 0, count: size * spans.count)
    let holes = unsafe bytes.withUnsafeMutableBytes { unsafe gather(spans, $0) }
    // What could not be read is zero, which is no image.
    guard holes != nil else { return }
    for (index, start) in starts.enumerated() {
      let header = Array(bytes[(index * size)..<((index + 1) * size)])
      let extent = ImageExtent(at: start.start) { offset, count in
        guard offset < UInt64(size) else { return [] }
        if Int(offset) + count <= size { return Array(header[Int(offset)..<(Int(offset) + count)]) }
        guard count <= 1 << 20 else { return [] }
        let span = AddressRange(
          start: Address(start.start.rawValue &+ offset), count: UInt64(count))
        var more = [UInt8](repeating: 0, count: count)
        let missing = unsafe more.withUnsafeMutableBytes { unsafe gather([span], $0) }
        return missing?.isEmpty == true ? more : []
      }
      if let extent { imageEnds[start.start] = extent.end }
    }
  }
}

extension MemorySource {
  /// Gathers for `findImageEnds`: nil where nothing can be read any more.
  func gatherHeaders(_ spans: [AddressRange], _ room: UnsafeMutableRawBufferPointer) -> [Hole]? {
    unsafe spans.withUnsafeBufferPointer { spans in unsafe try? gatherGently(spans, into: room) }
  }
}
