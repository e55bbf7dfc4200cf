import MemoryModel

extension Hits {
  /// The hits that either has, lane by lane; lanes go together by label and element, and those that
  /// only the other has come last.
  ///
  /// Each has the old value it has here, or, where none is kept here, the one it has there, unless
  /// that is encoded in another way.
  /// - Throws: `EINVAL` when the two are of different memory.
  public func union(_ other: Hits) throws(RemoteMemoryError) -> Hits {
    try checkSameSource(other)
    var builder = HitsBuilder(self, other)
    var taken: [Int] = []
    for (number, lane) in lanes.enumerated() {
      let twin = other.lanes.indices.first {
        !taken.contains($0) && other.lanes[$0].label == lane.label
          && other.lanes[$0].element == lane.element
      }
      if let twin { taken.append(twin) }
      let empty = lanes[number].with(chunks: [])
      var second = twin.map { other.lanes[$0] } ?? empty
      if second.encoding != lane.encoding { second = second.withoutValues }
      let union = LaneUnion(lane, second)
      try union.add(to: &builder) { () throws(RemoteMemoryError) in try checkInterrupt() }
    }
    for (number, lane) in other.lanes.enumerated() where !taken.contains(number) {
      let union = LaneUnion(lane, lane.with(chunks: []))
      try union.add(to: &builder) { () throws(RemoteMemoryError) in try checkInterrupt() }
    }
    return try builder.finish(
      source, parent: self, title: "union with \(other.title)", options: options)
  }
}

extension HitLane {
  /// The same hits without old values.
  var withoutValues: HitLane {
    with(
      chunks: chunks.indices.map {
        var chunk = chunks[$0]
        chunk.keeping = .nothing
        unsafe chunk.values = nil
        return chunk
      })
  }
}
