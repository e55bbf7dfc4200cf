import LuaHost
import Synchronization

/// How many objects of one test are alive.
final class Population: Sendable {
  private let count = Atomic<Int>(0)
  var alive: Int { count.load(ordering: .relaxed) }
  fileprivate func change(by difference: Int) { count.add(difference, ordering: .relaxed) }
}

/// The object that the test module hands to scripts.
final class Box {
  var value: Int64
  var label = "plain"
  var listener: KeptFunction?
  let population: Population

  init(_ value: Int64, in population: Population) {
    self.value = value
    self.population = population
    population.change(by: 1)
  }

  deinit { population.change(by: -1) }
}

/// A second class, so that one kind of handle can be passed for the other.
final class Lid {}

/// What the test module's failing functions throw.
struct BoxError: ScriptError {
  var code = "EBOX"
  var message: String
  var hint: String?
  var inner: Int64?

  var fields: [(name: String, value: LuaValue)] {
    guard let inner else { return [] }
    return [("address", .integer(inner)), ("inner", .table(LuaTable([("a", .boolean(true))])))]
  }
}
