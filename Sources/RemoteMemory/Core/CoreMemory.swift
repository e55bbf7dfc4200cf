import MemoryModel

/// Where the bytes of a core's memory are, once it is known which mapped files can be read.
struct CoreMemory: Sendable {
  /// Some bytes and where they are.
  struct Piece: Sendable {
    let range: AddressRange
    let place: Place
  }

  /// Where bytes are.
  enum Place: Sendable {
    /// In the core.
    case core(offset: UInt64)
    /// Nowhere: they are zeroes.
    case zeroes
    /// In a mapped file.
    case file(Int32, offset: UInt64)
    /// Nowhere, for this reason.
    case nowhere(Reason)

    var isReadable: Bool {
      if case .nowhere = self { false } else { true }
    }
  }

  /// Why bytes cannot be read.
  enum Reason: Sendable {
    /// The core was made without them.
    case missing
    /// The core is shorter than it was.
    case truncated
    /// They are in this mapped file, which is not read.
    case file(MappedFile)
  }

  /// In the order of addresses, without overlaps; none is empty.
  let pieces: [Piece]

  /// The piece that holds an address, or the next one above it.
  func firstIndex(endingAbove address: Address) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = low &+ (high &- low) / 2
      if pieces[middle].range.end > address { high = middle } else { low = middle &+ 1 }
    }
    return low
  }

  /// The piece that holds an address; nil for none.
  func piece(at address: Address) -> Piece? {
    let index = firstIndex(endingAbove: address)
    guard index < pieces.count, pieces[index].range.contains(address) else { return nil }
    return pieces[index]
  }

  /// The parts of the pieces that lie in a range, in order.
  func pieces(in range: AddressRange) -> [Piece] {
    var found: [Piece] = []
    var index = firstIndex(endingAbove: range.start)
    while index < pieces.count, let common = pieces[index].range.intersection(range) {
      let skip = common.start.rawValue &- pieces[index].range.start.rawValue
      found.append(Piece(range: common, place: pieces[index].place.advanced(by: skip)))
      index &+= 1
    }
    return found
  }
}

extension CoreMemory.Place {
  /// The same so many bytes further.
  func advanced(by count: UInt64) -> CoreMemory.Place {
    switch self {
    case .core(let offset): .core(offset: offset &+ count)
    case .file(let descriptor, let offset): .file(descriptor, offset: offset &+ count)
    case .zeroes, .nowhere: self
    }
  }
}
