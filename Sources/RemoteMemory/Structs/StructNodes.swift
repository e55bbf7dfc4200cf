public import MemoryModel

/// Structs that were reached by pointers, each read once.
public struct StructNodes: Sendable {
  /// One of them.
  public struct Node: Sendable {
    /// Its first byte.
    public let address: Address
    /// What it held.
    public let bytes: [UInt8]
  }

  /// The structs in the order in which they were reached.
  public internal(set) var nodes: [Node] = []
  /// For a tree, how many of them lie on each level.
  public internal(set) var levels: [Int] = []
  /// Pointers that could not be followed, each with the reason.
  public internal(set) var broken: [RemoteMemoryError] = []

  /// How many structs are followed, unless told otherwise.
  public static let standardLimit = 100_000
}

/// Where in a struct a pointer to the next one lies.
public struct StructLink: Hashable, Sendable {
  /// Bytes from the start of the struct.
  public let offset: Int
  /// What it is called, for messages.
  public let name: String
  /// What is added to the pointer: below zero where it points into the middle of the next struct.
  public let shift: Int64

  /// A link.
  public init(offset: Int, name: String, shift: Int64 = 0) {
    self.offset = offset
    self.name = name
    self.shift = shift
  }

  /// Where a pointer at the link leads; nil for a null pointer.
  func target(
    in bytes: [UInt8], pointerWidth: PointerWidth, byteOrder: ByteOrder
  ) -> Address? {
    let value = ScalarFormat(.ptr).decode(
      bytes, at: offset, pointerWidth: pointerWidth, targetOrder: byteOrder)
    guard case .unsigned(let pointer)? = value, pointer != 0 else { return nil }
    return Address(pointer).offset(by: shift)
  }
}

extension MemorySource {
  /// Many structs of one size at any addresses, in one gather.
  /// - Returns: for each its bytes, or why they could not be read.
  public func readMany(
    at addresses: [Address], byteCount: Int
  ) throws(RemoteMemoryError) -> [Result<[UInt8], RemoteMemoryError>] {
    let items = addresses.map {
      ScatterItem(address: $0, element: .bytes(count: byteCount))
    }
    let result = try ScatterPlan(items, for: self).read(from: self)
    return items.indices.map { index in
      switch result.outcome(at: index) {
      case .bytes(let bytes): .success(bytes)
      case .failure(let error): .failure(error)
      default: .success([])
      }
    }
  }

  /// The structs of a linked list, from its first: each is one read.
  ///
  /// It ends at a null pointer, and where the list leads back to its first struct, which is how
  /// circular lists end. What else ends it is in `broken`: a pointer that cannot be followed, one
  /// that leads back into the middle (`ELOOP`), or too many structs (`E2BIG`).
  /// - Throws: only when nothing can be read any more.
  public func followList(
    from first: Address, byteCount: Int, link: StructLink, limit: Int = StructNodes.standardLimit
  ) throws(RemoteMemoryError) -> StructNodes {
    var list = StructNodes()
    var seen: Set<Address> = []
    var next: Address? = first
    while let address = next {
      if seen.contains(address) {
        if address != first { list.broken.append(loop(at: address, after: list, link)) }
        break
      }
      guard list.nodes.count < limit, hasRoom(list.nodes.count, byteCount) else {
        list.broken.append(tooMany(list.nodes.count, limit))
        break
      }
      try checkInterrupt(list.nodes.count)
      let part = try readPartial(at: address, count: byteCount)
      if let error = part.error {
        list.broken.append(broken(error, list.nodes.count, list.nodes.last?.address, link.name))
        break
      }
      seen.insert(address)
      list.nodes.append(.init(address: address, bytes: part.bytes))
      next = link.target(in: part.bytes, pointerWidth: pointerWidth, byteOrder: byteOrder)
    }
    return list
  }

  /// The structs of a tree, level by level: all of one level are read together.
  ///
  /// A struct that several pointers lead to is taken once, so that circles end. Pointers that cannot
  /// be followed are in `broken`, and at the end of it too many structs (`E2BIG`).
  /// - Throws: only when nothing can be read any more.
  public func followTree(
    from root: Address, byteCount: Int, links: [StructLink], limit: Int = StructNodes.standardLimit
  ) throws(RemoteMemoryError) -> StructNodes {
    var walk = TreeWalk(from: root, links)
    while !walk.level.isEmpty {
      try checkInterrupt(0)
      let room =
        min(limit, TransferLimits.longestResult / max(1, byteCount)) - walk.tree.nodes.count
      let isCut = walk.level.count > room
      if isCut { walk.level.removeLast(walk.level.count - max(0, room)) }
      if !walk.level.isEmpty {
        let outcomes = try readMany(at: walk.level.map(\.address), byteCount: byteCount)
        walk.take(outcomes, self)
      }
      if isCut {
        walk.tree.broken.append(tooMany(walk.tree.nodes.count, limit))
        break
      }
    }
    return walk.tree
  }

  private func hasRoom(_ count: Int, _ byteCount: Int) -> Bool {
    count <= TransferLimits.longestResult / max(1, byteCount)
  }

  private func checkInterrupt(_ count: Int) throws(RemoteMemoryError) {
    guard count % 64 == 0, interrupt.isInterrupted else { return }
    throw RemoteMemoryError(.resolve, .interrupted, process: processID)
  }

  fileprivate func broken(
    _ error: RemoteMemoryError, _ count: Int?, _ parent: Address?, _ link: String
  ) -> RemoteMemoryError {
    var error = error
    error.operation = .resolve
    let origin = parent.map { "'\(link)' of the struct at \($0)" } ?? "the first struct"
    if error.detail.isEmpty { error.detail = "not mapped" }
    error.detail +=
      count.map { ", struct \($0 + 1), reached by \(origin)" } ?? ", reached by \(origin)"
    return error
  }

  private func loop(
    at address: Address, after list: StructNodes, _ link: StructLink
  ) -> RemoteMemoryError {
    let position = list.nodes.firstIndex { $0.address == address } ?? 0
    return RemoteMemoryError(
      .resolve, .loop, process: processID, address: address,
      detail: "'\(link.name)' of struct \(list.nodes.count) leads back to struct \(position + 1)")
  }

  private func tooMany(_ count: Int, _ limit: Int) -> RemoteMemoryError {
    RemoteMemoryError(
      .resolve, .tooLarge, process: processID,
      detail: count >= limit
        ? "more than \(limit) structs; limit= allows more"
        : "\(count) structs take all of the memory that one result may have")
  }
}

/// How far a tree has been followed.
private struct TreeWalk {
  /// A struct that is to be read, and what led there.
  struct Place {
    let address: Address
    let parent: Address?
    let link: String
  }

  var tree = StructNodes()
  /// The structs to be read next.
  var level: [Place]
  private var seen: Set<Address>
  private let links: [StructLink]

  init(from root: Address, _ links: [StructLink]) {
    self.links = links
    level = [Place(address: root, parent: nil, link: "")]
    seen = [root]
  }

  /// Takes what was read of a level, and finds the next one.
  mutating func take(
    _ outcomes: [Result<[UInt8], RemoteMemoryError>], _ source: any MemorySource
  ) {
    var next: [Place] = []
    let before = tree.nodes.count
    for (place, outcome) in zip(level, outcomes) {
      switch outcome {
      case .failure(let error):
        tree.broken.append(source.broken(error, nil, place.parent, place.link))
      case .success(let bytes):
        tree.nodes.append(.init(address: place.address, bytes: bytes))
        for link in links {
          let target = link.target(
            in: bytes, pointerWidth: source.pointerWidth, byteOrder: source.byteOrder)
          if let target, seen.insert(target).inserted {
            next.append(Place(address: target, parent: place.address, link: link.name))
          }
        }
      }
    }
    tree.levels.append(tree.nodes.count - before)
    level = next
  }
}
