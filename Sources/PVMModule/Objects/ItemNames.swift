import LuaHost
import MemoryModel
import RemoteMemory

/// What the items of a plan are called: numbers first, then names in their order.
struct ItemNames {
  let numbered: Int
  let named: [String]
  let positions: [String: Int]

  init(numbered: Int, named: [String]) {
    self.numbered = numbered
    self.named = named
    positions = Dictionary(
      named.enumerated().map { ($1, numbered + $0) }, uniquingKeysWith: { first, _ in first })
  }

  var count: Int { numbered + named.count }

  /// The key of an item, as a plan's table had it.
  func write(_ index: Int, as reply: Reply) {
    if index < numbered { reply.key(Int64(index + 1)) } else { reply.key(named[index - numbered]) }
  }
}
