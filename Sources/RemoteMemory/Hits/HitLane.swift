import CScanKernels
public import MemoryModel

/// The hits of one type, or of one pattern: what every later step keeps apart.
@safe public struct HitLane: @unchecked Sendable {
  /// The name of the type, or what the pattern was called.
  public let label: String
  /// What lies at each hit.
  public let element: HitElement
  /// The least distance of two candidates, in bytes: the alignment.
  public let step: Int
  /// How many hits there are.
  public let count: Int

  /// How the program stores the values.
  public let encoding: StoredEncoding

  /// How a candidate is tested once more; nil for a scalar, which is compared by value.
  let matcher: (any CandidateMatcher)?
  /// How many bytes a candidate covers.
  let width: Int
  /// How many bytes are kept for each hit where values are kept: a scalar's, or 4 for a length.
  let valueWidth: Int
  /// What all hits had, where a chunk says so; the bytes as they lie in memory.
  let constant: UInt64
  let chunks: [HitChunk]
  /// How many hits lie in the chunks before each.
  private let starts: [Int]

  init(
    label: String, element: HitElement, step: Int, width: Int, matcher: (any CandidateMatcher)?,
    constant: UInt64 = 0, encoding: StoredEncoding = .none, chunks: [HitChunk] = []
  ) {
    self.label = label
    self.element = element
    self.step = step
    self.width = width
    self.matcher = matcher
    self.constant = constant
    self.encoding = encoding
    valueWidth = if case .match = element { 4 } else { width }
    self.chunks = chunks
    var starts: [Int] = []
    starts.reserveCapacity(chunks.count)
    var count = 0
    for index in chunks.indices {
      starts.append(count)
      count += Int(chunks[index].count)
    }
    self.starts = starts
    self.count = count
  }

  /// The same kind of lane with other hits.
  func with(constant: UInt64 = 0, chunks: [HitChunk]) -> HitLane {
    HitLane(
      label: label, element: element, step: step, width: width, matcher: matcher,
      constant: constant, encoding: encoding, chunks: chunks)
  }

  /// The chunk and the rank in it of the hit with this number, from 0.
  func place(of index: Int) -> (chunk: Int, rank: Int) {
    let chunk = Self.last(in: chunks.indices) { starts[$0] <= index } ?? 0
    return (chunk, index - starts[chunk])
  }

  /// How many hits lie in the chunks before this one.
  func start(ofChunk chunk: Int) -> Int { starts[chunk] }

  /// The address of the hit with this number, from 0.
  func address(at index: Int) -> Address {
    let (chunk, rank) = place(of: index)
    return address(chunks[chunk], slot: chunks[chunk].slot(rank: rank))
  }

  func address(_ chunk: HitChunk, slot: Int) -> Address {
    Address(chunk.base &+ UInt64(slot) &* UInt64(step))
  }

  /// The number of the first hit at `address` or behind it; `count` when there is none.
  func index(from address: Address) -> Int {
    guard
      let chunk = Self.last(in: chunks.indices, where: { chunks[$0].base <= address.rawValue })
    else { return 0 }
    let distance = address.rawValue &- chunks[chunk].base
    let slot = Int(clamping: distance / UInt64(step) + (distance % UInt64(step) == 0 ? 0 : 1))
    return starts[chunk] + chunks[chunk].rank(from: slot)
  }

  /// The number of the hit at exactly this address, or nil.
  func index(of address: Address) -> Int? {
    let index = index(from: address)
    return index < count && self.address(at: index) == address ? index : nil
  }

  /// The bytes a hit had when it was found, the first in the lowest 8 bits; nil where they were not
  /// kept.
  func keptWord(at index: Int) -> UInt64? {
    let (number, rank) = place(of: index)
    let chunk = chunks[number]
    switch chunk.keeping {
    case .nothing: return nil
    case .constant: return constant
    case .packed: return unsafe Self.word(chunk.values! + rank * valueWidth, valueWidth)
    case .block: return unsafe Self.word(chunk.values! + chunk.slot(rank: rank) * step, valueWidth)
    }
  }

  /// Up to 8 bytes as a number, the first the lowest.
  static func word(_ bytes: UnsafeRawPointer, _ width: Int) -> UInt64 {
    switch width {
    case 1: unsafe UInt64(bytes.load(as: UInt8.self))
    case 2: unsafe UInt64(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
    case 4: unsafe UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    default: unsafe UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    }
  }

  /// The last index for which a condition holds that holds for all before it.
  private static func last(in range: Range<Int>, where holds: (Int) -> Bool) -> Int? {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low > range.lowerBound ? low - 1 : nil
  }
}
