public import MemoryModel

extension Hits {
  /// All hits but one.
  /// - Parameter index: its number over all lanes, from 0.
  /// - Throws: `ENOENT` when there is none with this number.
  public func removing(at index: Int) throws(RemoteMemoryError) -> Hits {
    guard let (number, inner) = place(of: index) else {
      throw RemoteMemoryError(
        .scan, .notFound, process: source.processID,
        detail: count == 0 ? "there are no hits" : "no such hit; there are \(count)")
    }
    let address = lanes[number].address(at: inner)
    return try subset("without \(address)") { hand in
      guard hand.numbers.contains(index) else { return .all }
      return hand.mark(allBut: hand.chunk.slot(rank: index - hand.start))
    }
  }

  /// All hits but those at an address.
  /// - Parameters:
  ///   - address: their first byte.
  ///   - label: the lane to remove from; nil for all.
  /// - Throws: `ENOENT` when there is none.
  public func removing(_ address: Address, lane label: String? = nil) throws(RemoteMemoryError)
    -> Hits
  {
    guard index(of: address, lane: label) != nil else {
      throw RemoteMemoryError(
        .scan, .notFound, process: source.processID, detail: "there is no hit at \(address)")
    }
    return try subset("without \(address)") { hand in
      guard label == nil || hand.lane.label == label,
        let slot = hand.grid.slot(of: address.rawValue), hand.chunk.contains(slot: slot)
      else { return .all }
      return hand.mark(allBut: slot)
    }
  }

  /// The hits of the lanes with this label, without the other lanes.
  /// - Throws: `ENOENT` when no lane has it.
  public func keeping(lane label: String) throws(RemoteMemoryError) -> Hits {
    let wanted = lanes.indices.filter { lanes[$0].label == label }
    guard !wanted.isEmpty else {
      let labels = lanes.map { "\"\($0.label)\"" }.joined(separator: ", ")
      throw RemoteMemoryError(
        .scan, .notFound, process: source.processID,
        detail: "no lane is called \"\(label)\"; there are \(labels.isEmpty ? "none" : labels)")
    }
    return try subset("only \(label)", lanes: wanted) { _ in .all }
  }
}
