import LuaHost
import MemoryModel
import RemoteMemory

/// A watcher, as a script holds it.
public final class WatcherObject {
  let watch: Watch
  let names: ItemNames
  /// The processes stay attached as long as they are watched.
  private let handles: [ProcessHandle]

  init(_ request: WatchRequest) throws {
    watch = try Watch(request.places)
    names = request.names
    handles = request.handles
  }

  /// What a place was in one of the two moments.
  func outcome(at index: Int, _ moment: Moment) -> ScatterOutcome {
    switch moment {
    case .old: watch.old(at: index)
    case .new: watch.new(at: index)
    }
  }

  /// Which of the last two readings.
  enum Moment: String {
    case old, new
  }
}

/// One of the last two readings of a watcher; it moves on with each update.
public final class MomentObject {
  let watcher: WatcherObject
  let moment: WatcherObject.Moment

  init(_ watcher: WatcherObject, _ moment: WatcherObject.Moment) {
    self.watcher = watcher
    self.moment = moment
  }

  func outcome(at index: Int) -> ScatterOutcome { watcher.outcome(at: index, moment) }
}

extension WatcherObject {
  /// Whether a place went up or down at the last update, by its values then and before.
  /// - Parameter isWanted: gets the old value and the new one.
  func moved(
    _ key: PlaceKey, _ isWanted: (_ old: ScalarValue, _ new: ScalarValue) -> Bool
  ) throws -> Bool {
    let index = try names.position(of: key)
    guard case .scalar = watch.places[index].element else {
      throw ScriptFailure.badArgument(2, "place '\(names.label(index))' is no single value")
    }
    guard watch.hasChanged(at: index), case .scalar(let old) = watch.old(at: index),
      case .scalar(let new) = watch.new(at: index)
    else { return false }
    return isWanted(old, new)
  }

  /// Whether a place changed at the last update, and is now what a script says.
  func changed(_ key: PlaceKey, to value: LuaValue) throws -> Bool {
    let index = try names.position(of: key)
    guard watch.hasChanged(at: index) else { return false }
    return watch.new(at: index).equals(value, as: watch.places[index].element)
  }
}

extension ScatterOutcome {
  /// Whether a script's value is this one, as `==` says it; `nil` is what cannot be read, and a
  /// number that a single cannot hold stands for the nearest one that it can.
  fileprivate func equals(_ value: LuaValue, as element: ScatterItem.Element) -> Bool {
    switch (self, value) {
    case (.scalar(let scalar), let value): scalar.equals(value, as: element.format)
    case (.array(let array), .table(let table)):
      array.count == table.array.count
        && zip(array, table.array).allSatisfy { $0.equals($1, as: element.format) }
    case (.bytes(let bytes), .bytes(let wanted)): bytes == wanted
    case (.text(let text), .bytes(let wanted)): text.text == wanted
    case (.failure, .null): true
    default: false
    }
  }
}

extension ScalarValue {
  fileprivate func equals(_ value: LuaValue, as format: ScalarFormat?) -> Bool {
    switch (luaValue, value) {
    case (.integer(let one), .integer(let two)): one == two
    case (.integer(let one), .number(let two)): Double(one) == two && Int64(exactly: two) == one
    case (.number(let one), .number(let two)):
      one == two || format?.type == .f32 && Float(one) == Float(two)
    case (.number(let one), .integer(let two)): one == Double(two)
    case (.boolean(let one), .boolean(let two)): one == two
    default: false
    }
  }
}

extension ScatterItem.Element {
  /// The type of its values, where it has some.
  var format: ScalarFormat? {
    switch self {
    case .scalar(let format), .array(let format, _): format
    case .bytes, .text: nil
    }
  }
}
