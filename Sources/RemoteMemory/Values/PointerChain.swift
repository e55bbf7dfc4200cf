public import MemoryModel

/// A chain of pointers: `[[base]+offsets[0]]+offsets[1]` and so on.
public struct PointerChain: Hashable, Sendable {
  /// Where the first pointer lies.
  public let base: Address
  /// What is added after each pointer was followed, in bytes; negative goes down. Empty means
  /// `base` itself.
  public let offsets: [Int64]

  /// The chain from `base` by `offsets`.
  public init(base: Address, offsets: [Int64]) {
    self.base = base
    self.offsets = offsets
  }

  /// What a chain came to.
  public enum Outcome: Sendable {
    /// The address at its end; nothing was read there.
    case address(Address)
    /// The pointer that could not be read.
    case broken(Break)

    /// The address; nil for a broken chain.
    public var address: Address? {
      if case .address(let address) = self { return address }
      return nil
    }
  }

  /// Where a chain broke.
  public struct Break: Sendable {
    /// Which pointer could not be read: 1 for the one at `base`.
    public let hop: Int
    /// Where that pointer was to lie.
    public let address: Address
    /// The value of the pointer before it; nil at the first.
    public let pointer: Address?
    /// Why it could not be read.
    public let error: RemoteMemoryError
  }
}

extension MemorySource {
  /// The address at the end of a chain: reads a pointer, adds an offset, as often as there are
  /// offsets.
  ///
  /// With base `b` and offsets `0x10, 8` it is `[[b]+0x10]+8`. Nothing is read at the address
  /// itself.
  /// - Throws: `EFAULT`; the detail says which pointer could not be read and what led there.
  public func resolve(_ chain: PointerChain) throws(RemoteMemoryError) -> Address {
    var place = chain.base
    var pointer: Address?
    for (index, offset) in chain.offsets.enumerated() {
      do throws(RemoteMemoryError) {
        let next = try readPointer(at: place)
        pointer = next
        place = next.offset(by: offset)
      } catch {
        throw error.resolving(hop: index + 1, of: chain, after: pointer)
      }
    }
    return place
  }

  /// The ends of many chains, level by level: all pointers of one level are read together.
  /// - Throws: only when nothing can be read any more; each chain has an outcome of its own.
  public func resolveAll(_ chains: [PointerChain]) throws(RemoteMemoryError) -> [PointerChain
    .Outcome]
  {
    var walk = ChainWalk(chains)
    while true {
      let items = walk.pending(pointerBytes: pointerWidth.bytes)
      if items.isEmpty { return walk.outcomes }
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.resolve, .interrupted, process: processID)
      }
      let level = try ScatterPlan(items, for: self).read(from: self)
      for index in 0..<level.count { walk.step(index, level.outcome(at: index)) }
    }
  }
}

/// How far each of many chains has been followed.
private struct ChainWalk {
  private let chains: [PointerChain]
  private var places: [Address]
  private var pointers: [Address?]
  private var active: [Int]
  private var level = 0
  var outcomes: [PointerChain.Outcome]

  init(_ chains: [PointerChain]) {
    self.chains = chains
    places = chains.map(\.base)
    pointers = Array(repeating: nil, count: chains.count)
    active = Array(chains.indices)
    outcomes = places.map { .address($0) }
  }

  /// The pointers of the next level; empty when every chain is at its end or broken.
  mutating func pending(pointerBytes: Int) -> [ScatterItem] {
    active.removeAll { chains[$0].offsets.count <= level || outcomes[$0].address == nil }
    level += 1
    return active.map { ScatterItem(address: places[$0], element: .scalar(ScalarFormat(.ptr))) }
  }

  /// Takes what was read for the chain at a position among the pending ones.
  mutating func step(_ position: Int, _ outcome: ScatterOutcome) {
    let index = active[position]
    switch outcome {
    case .scalar(.unsigned(let value)):
      pointers[index] = Address(value)
      places[index] = Address(value).offset(by: chains[index].offsets[level - 1])
      outcomes[index] = .address(places[index])
    case .failure(let error):
      outcomes[index] = .broken(
        .init(
          hop: level, address: places[index], pointer: pointers[index],
          error: error.resolving(hop: level, of: chains[index], after: pointers[index])))
    default: break
    }
  }
}

extension RemoteMemoryError {
  /// The same error of a read, as an error of following a chain: which pointer, and what led there.
  fileprivate func resolving(
    hop: Int, of chain: PointerChain, after pointer: Address?
  ) -> RemoteMemoryError {
    var error = self
    let origin = pointer.map { " (the pointer before it is \($0))" } ?? ""
    error.operation = .resolve
    error.detail += ", reading pointer \(hop) of \(chain.offsets.count)\(origin)"
    return error
  }
}
