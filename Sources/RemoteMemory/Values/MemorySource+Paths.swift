public import MemoryModel

extension MemorySource {
  /// The address that a path leads to at this moment.
  /// - Throws: as `address(of:)`; where a pointer cannot be read, the detail says which one it is,
  ///   and which value led there.
  public func resolve(_ path: AddressPath) throws(RemoteMemoryError) -> Address {
    switch try resolveAll([path])[0] {
    case .address(let address): return address
    case .broken(let place): throw place.error
    }
  }

  /// The ends of many paths, level by level: all pointers of one level are read together.
  ///
  /// Names are looked up in one list of what is mapped.
  /// - Throws: only when nothing can be read any more; each path has an outcome of its own.
  public func resolveAll(
    _ paths: [AddressPath]
  ) throws(RemoteMemoryError) -> [PointerChain.Outcome] {
    var walk = PathWalk(paths, names: try lookUp(paths))
    var level = 0
    while true {
      let items = walk.items(level: level)
      if items.isEmpty { return walk.outcomes }
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.resolve, .interrupted, process: processID)
      }
      walk.take(try ScatterPlan(items, for: self).read(from: self))
      level += 1
    }
  }

  /// Where the names of some paths lie, each looked up once.
  private func lookUp(
    _ paths: [AddressPath]
  ) throws(RemoteMemoryError) -> [String: Result<Address, RemoteMemoryError>] {
    var found: [String: Result<Address, RemoteMemoryError>] = [:]
    guard paths.contains(where: { !$0.names.isEmpty }) else { return found }
    let map = try regionMap()
    for path in paths {
      for name in path.names where found[name] == nil {
        do throws(RemoteMemoryError) {
          found[name] = .success(try start(of: name, in: map))
        } catch {
          found[name] = .failure(error)
        }
      }
    }
    return found
  }
}

/// How far each of many paths has been followed.
private struct PathWalk {
  private let paths: [AddressPath]
  private var cursors: [AddressPath.Cursor] = []
  private var failures: [Int: PointerChain.Break] = [:]
  /// The paths that still have pointers to read.
  private var active: [Int]
  /// What is being read: the path and the hop of each item.
  private var pending: [(path: Int, hop: Int, address: Address)] = []

  init(_ paths: [AddressPath], names: [String: Result<Address, RemoteMemoryError>]) {
    self.paths = paths
    active = Array(paths.indices)
    cursors.reserveCapacity(paths.count)
    for (index, path) in paths.enumerated() {
      var values: [UInt64] = []
      for name in path.names {
        switch names[name] {
        case .success(let address)?: values.append(address.rawValue)
        case .failure(let error)?:
          failures[index] = .init(hop: 0, address: .zero, pointer: nil, error: error)
          values.append(0)
        case nil: values.append(0)
        }
      }
      cursors.append(AddressPath.Cursor(path, names: values))
    }
  }

  /// The pointers of a level; empty when every path is at its end or broken.
  mutating func items(level: Int) -> [ScatterItem] {
    active.removeAll { failures[$0] != nil || paths[$0].depth <= level }
    pending.removeAll(keepingCapacity: true)
    var items: [ScatterItem] = []
    items.reserveCapacity(active.count)
    for index in active {
      for (hop, address) in cursors[index].places(level: level) {
        pending.append((index, hop, address))
        items.append(ScatterItem(address: address, element: .scalar(ScalarFormat(.ptr))))
      }
    }
    return items
  }

  /// Takes what was read of a level.
  mutating func take(_ result: ScatterResult) {
    for (item, place) in pending.enumerated() {
      if case .unsigned(let pointer)? = result.scalar(at: item) {
        cursors[place.path].take(pointer, hop: place.hop)
      } else if case .failure(let error) = result.outcome(at: item), failures[place.path] == nil {
        failures[place.path] = broken(place.path, place.hop, place.address, error)
      }
    }
  }

  private func broken(
    _ index: Int, _ hop: Int, _ address: Address, _ error: RemoteMemoryError
  ) -> PointerChain.Break {
    let path = paths[index]
    let pointer = cursors[index].pointer(before: hop)
    var error = error
    error.operation = .address
    if error.detail.isEmpty { error.detail = "not mapped" }
    error.detail +=
      ", reading pointer \(hop + 1) of \(path.hopCount), \(path.text(ofHop: hop))"
      + (pointer.map { " (the pointer before it is \($0))" } ?? "")
    return .init(hop: hop + 1, address: address, pointer: pointer, error: error)
  }

  var outcomes: [PointerChain.Outcome] {
    cursors.indices.map { index in
      failures[index].map { .broken($0) } ?? .address(cursors[index].end)
    }
  }
}
