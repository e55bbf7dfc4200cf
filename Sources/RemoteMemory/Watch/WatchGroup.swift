import MemoryModel

/// The places of a watch that lie in one source: read together, and kept as they were twice.
struct WatchGroup {
  /// What was read at one time.
  struct Reading {
    var result: ScatterResult
    /// The places at the ends of chains that broke, and where they did.
    var broken: [Int: RemoteMemoryError] = [:]
    /// Why nothing could be read at all.
    var failure: RemoteMemoryError?

    /// What became of an item, as it is stored.
    func outcome(at item: Int) -> ScatterOutcome {
      if let error = failure ?? broken[item] { return .failure(error) }
      return result.outcome(at: item)
    }

    /// Whether all of an item could be read.
    func isReadable(at item: Int) -> Bool {
      failure == nil && broken[item] == nil && result.isReadable(at: item)
    }

    /// Whether nothing is missing.
    var isWhole: Bool { failure == nil && broken.isEmpty && result.isComplete }
  }

  let source: any MemorySource
  /// Which places of the watch these are.
  let members: [Int]
  private(set) var now: Reading
  private(set) var before: Reading
  private let elements: [ScatterItem.Element]
  private let locations: [WatchPlace.Location]
  /// Those of the locations that are chains.
  private let chained: [Int]

  /// Reads all places for the first time.
  init(_ places: [WatchPlace], _ members: [Int], in source: any MemorySource)
    throws(RemoteMemoryError)
  {
    self.source = source
    self.members = members
    elements = members.map { places[$0].stored }
    locations = members.map { places[$0].location }
    chained = locations.indices.filter {
      if case .address = places[members[$0]].location { false } else { true }
    }
    let (items, broken) = try Self.items(elements, locations, chained, source)
    let result = try ScatterPlan(items, for: source).read(from: source)
    now = Reading(result: result, broken: broken)
    before = now
  }

  /// Reads all places anew. What was new is old then, also when this throws.
  mutating func update() throws(RemoteMemoryError) {
    swap(&now, &before)
    do throws(RemoteMemoryError) {
      now.failure = nil
      if !chained.isEmpty {
        try followChains()
      } else {
        try now.result.refresh()
      }
    } catch {
      now.failure = error
      throw error
    }
  }

  /// Reads at the ends of the chains of this moment; a new plan is made only when one has moved.
  private mutating func followChains() throws(RemoteMemoryError) {
    let (items, broken) = try Self.items(elements, locations, chained, source)
    now.broken = broken
    if items == now.result.plan.items {
      try now.result.refresh()
    } else if items == before.result.plan.items {
      now.result = try before.result.plan.read(from: source)
    } else {
      now.result = try ScatterPlan(items, for: source).read(from: source)
    }
  }

  /// What is to be read where; nothing for chains that break.
  private static func items(
    _ elements: [ScatterItem.Element], _ locations: [WatchPlace.Location], _ chained: [Int],
    _ source: any MemorySource
  ) throws(RemoteMemoryError) -> ([ScatterItem], [Int: RemoteMemoryError]) {
    var routes: [WatchPlace.Location] = []
    var items: [ScatterItem] = []
    var broken: [Int: RemoteMemoryError] = [:]
    items.reserveCapacity(elements.count)
    for (element, location) in zip(elements, locations) {
      switch location {
      case .address(let address): items.append(ScatterItem(address: address, element: element))
      case .chain, .path:
        items.append(ScatterItem(address: .zero, element: .bytes(count: 0)))
        routes.append(location)
      }
    }
    let ends = try Self.ends(of: routes, source)
    for (item, end) in zip(chained, ends) {
      switch end {
      case .address(let address):
        items[item] = ScatterItem(address: address, element: elements[item])
      case .broken(let place): broken[item] = place.error
      }
    }
    return (items, broken)
  }

  /// Where chains and paths lead.
  private static func ends(
    of routes: [WatchPlace.Location], _ source: any MemorySource
  ) throws(RemoteMemoryError) -> [PointerChain.Outcome] {
    let chains = routes.compactMap { route in
      if case .chain(let chain) = route { chain } else { nil }
    }
    if chains.count == routes.count {
      return chains.isEmpty ? [] : try source.resolveAll(chains)
    }
    return try source.resolveAll(
      routes.map { route in
        switch route {
        case .address(let address): AddressPath(base: address, offsets: [])
        case .chain(let chain): AddressPath(base: chain.base, offsets: chain.offsets)
        case .path(let path): path
        }
      })
  }

  /// Whether nothing has changed, said quickly; false also where that has to be looked at.
  var isSurelyTheSame: Bool {
    now.isWhole && before.isWhole && now.result.isSame(as: before.result)
  }

  /// Where an item lies; nil at the end of a chain that is broken.
  func address(of item: Int) -> Address? {
    if case .address(let address) = locations[item] { return address }
    return now.broken[item] == nil ? now.result.plan.items[item].address : nil
  }
}
