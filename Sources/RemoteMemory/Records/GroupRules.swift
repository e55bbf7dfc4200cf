import MemoryModel

/// What makes places of values a group: which values, how many of each, how near.
struct GroupRules: Sendable {
  /// Values that are asked for in the same way.
  struct Kind: Sendable {
    let width: UInt64
    /// How many of them a group has.
    let count: Int
    /// With so many in a stretch there is always a free one, wherever the others of a group lie.
    let plenty: Int
  }

  let kinds: [Kind]
  /// The kind of each item.
  let order: [Int]
  let isOrdered: Bool
  let within: UInt64

  /// - Parameters:
  ///   - order: the kind of each item; kinds are numbered in the order in which they come first.
  ///   - widths: of the values of each kind, in bytes.
  ///   - steps: the least distance of two places of each kind.
  init(order: [Int], widths: [Int], steps: [Int], within: Int, isOrdered: Bool) {
    let counts = widths.indices.map { kind in order.count { $0 == kind } }
    kinds = widths.indices.map { kind in
      var blocked = 0
      for other in widths.indices {
        // How many places of this kind share a byte with one value of the other.
        let touching = (widths[other] + widths[kind] - 2) / steps[kind] + 1
        blocked += (counts[other] - (other == kind ? 1 : 0)) * touching
      }
      return Kind(width: UInt64(widths[kind]), count: counts[kind], plenty: blocked + 1)
    }
    self.order = order
    self.isOrdered = isOrdered
    self.within = UInt64(within)
  }

  /// The end of the stretch that begins at an address.
  func end(of start: UInt64) -> UInt64 {
    let (end, overflow) = start.addingReportingOverflow(within)
    return overflow ? .max : end
  }
}
