public import MemoryModel

/// One hit: a place, what lies there, and what it was.
public struct Hit: Hashable, Sendable {
  /// The number of its lane, from 0.
  public let lane: Int
  /// Its first byte.
  public let address: Address
  /// What lies there.
  public let element: HitElement
  /// Its length in bytes.
  public let byteCount: Int
  /// The value when this step looked, as the program means it; nil where it is no scalar or was not
  /// kept.
  public let old: ScalarValue?
}

extension Hits {
  /// The hit with this number, from 0, lane after lane, each in the order of addresses; nil when
  /// there is none.
  public func hit(at index: Int) -> Hit? {
    guard let (lane, inner) = place(of: index) else { return nil }
    return hit(lane: lane, index: inner)
  }

  /// The lane of a hit, and its number in there.
  func place(of index: Int) -> (lane: Int, index: Int)? {
    guard index >= 0 else { return nil }
    var rest = index
    for (number, lane) in lanes.enumerated() {
      if rest < lane.count { return (number, rest) }
      rest -= lane.count
    }
    return nil
  }

  /// The hit of a lane with this number in it.
  func hit(lane number: Int, index: Int) -> Hit {
    let lane = lanes[number]
    return hit(
      lane: number, address: lane.address(at: index).rawValue, word: lane.keptWord(at: index),
      of: lane)
  }

  /// The hit of a lane at an address, with the bytes kept for it.
  func hit(lane number: Int, address: UInt64, word: UInt64?, of lane: HitLane) -> Hit {
    var byteCount = lane.element.byteCount(pointerWidth: source.pointerWidth)
    if case .match = lane.element { byteCount = Int(clamping: word ?? 1) }
    return Hit(
      lane: number, address: Address(address), element: lane.element, byteCount: byteCount,
      old: word.flatMap { value($0, of: lane) })
  }

  /// The value that some bytes are in a lane; nil for one that holds no scalars.
  func value(_ word: UInt64, of lane: HitLane) -> ScalarValue? {
    guard case .scalar(let format) = lane.element else { return nil }
    if !lane.encoding.isNone {
      let bits = format.isSwapped(in: source) ? word.byteSwapped(width: lane.width) : word
      return lane.encoding.decode(bits, as: format, pointerWidth: source.pointerWidth)
    }
    var little = word.littleEndian
    return unsafe withUnsafeBytes(of: &little) {
      unsafe format.decode(
        $0, pointerWidth: source.pointerWidth, targetOrder: source.byteOrder)
    }
  }

  /// The value the first scan of this history met at a hit; nil where it was not kept.
  public func firstValue(of hit: Hit) -> ScalarValue? {
    let label = lanes[hit.lane].label
    let first = first
    guard let lane = first.lanes.first(where: { $0.label == label && $0.element == hit.element }),
      let index = lane.index(of: hit.address), let word = lane.keptWord(at: index)
    else { return nil }
    return first.value(word, of: lane)
  }

  /// The number of the hit at an address, over all lanes; nil when there is none.
  /// - Parameter label: the lane to look in; nil for the first that has it.
  public func index(of address: Address, lane label: String? = nil) -> Int? {
    var start = 0
    for lane in lanes {
      if label == nil || lane.label == label, let index = lane.index(of: address) {
        return start + index
      }
      start += lane.count
    }
    return nil
  }
}

extension ScalarFormat {
  /// Whether values of a source do not lie with the low byte first.
  func isSwapped(in source: any MemorySource) -> Bool { (byteOrder ?? source.byteOrder) == .big }
}

extension UInt64 {
  /// The low `width` bytes in the other order.
  func byteSwapped(width: Int) -> UInt64 { byteSwapped >> UInt64(64 - 8 * width) }
}
