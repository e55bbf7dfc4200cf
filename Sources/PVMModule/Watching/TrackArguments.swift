import LuaHost
import MemoryModel
import RemoteMemory

/// What a script wants to have tracked.
enum TrackTarget {
  /// All values in some memory.
  case memory(RegionFilter)
  /// What a search found.
  case hits(HitsObject)
}

extension ArgumentType where Value == TrackTarget {
  /// `{address, count}`, a mapping, a table that chooses mappings, or hits.
  static var trackTarget: ArgumentType<TrackTarget> {
    ArgumentType(
      "{address, count}, a pvm.region, a table that chooses mappings, or pvm.hits",
      annotation: "integer[]|pvm.region|pvm.hits|table"
    ) { call, index in
      switch call.kind(at: index) {
      case .table:
        if try call.hasNamedEntries(at: index) {
          return .memory(try call.readOptions(.regionFilter("where"), at: index))
        }
        return .memory(RegionFilter(range: try range(try call.value(at: index))))
      case .object:
        if case .object(let object, _) = try call.value(at: index) {
          if let hits = object as? HitsObject { return .hits(hits) }
          if let region = object as? RegionObject {
            return .memory(RegionFilter(range: region.region.range))
          }
        }
      default: break
      }
      throw call.mismatch("{address, count}, pvm.region or pvm.hits", at: index)
    }
  }

  private static func range(_ value: LuaValue) throws -> AddressRange {
    guard case .table(let table) = value, table.array.count == 2, table.others.isEmpty,
      let address = table.array[0].wholeNumber, let count = table.array[1].wholeNumber, count >= 0
    else { throw ArgumentMismatch("must be {address, count}") }
    return AddressRange(start: Address(luaInteger: address), count: UInt64(count))
  }
}

/// The options of `track`.
struct TrackSettings {
  let format: ScalarFormat
  let interval: Double
  let alignment: Int?
  let cells: Int
  let takesUnpopulated: Bool
  let progress: KeptFunction?

  static var parameter: Parameter<TrackSettings> {
    Parameter<(ScalarFormat, Double, Int?, Int, Bool, KeptFunction?)>.options(
      "what and how",
      Parameter(
        "type", .scalar, "what the values are; hits have types of their own",
        default: ScalarFormat(.i32), "\"i32\""),
      Parameter("every", .seconds, "from one sample to the next; 0: without a pause", default: 0.1),
      .optional(
        "align", ArgumentType<Int>.count("align", from: 1, upTo: 1 << 20),
        "values lie at multiples of so many bytes; by default the size of the type"),
      Parameter(
        "cells", ArgumentType<Int>.count("cells", upTo: 10_000_000),
        "the most values that are followed, about half a KiB each; `stats.unfollowed` counts the "
          + "changes of others", default: 100_000),
      Parameter<Bool>(
        "unpopulated", .boolean, "also pages nobody ever wrote, which makes the target grow",
        default: false),
      .optional(
        "progress",
        .function(
          signature: "fun(p: {samples: integer, changed: integer, seconds: number}): boolean?"),
        "called after each sample, the first included; false stops with what was found so far")
    ).map(TrackSettings.init)
  }
}

extension ArgumentType where Value == [CellBehaviour] {
  /// "counter", "rising|falling", "monotone".
  static var behaviours: ArgumentType<[CellBehaviour]> {
    let names = CellBehaviour.allCases.map(\.rawValue) + ["monotone"]
    return ArgumentType<String>.text.map(
      names.joined(separator: "|"), annotation: "string", choices: names
    ) { text in
      try text.split(separator: "|", omittingEmptySubsequences: false).flatMap { word in
        if word == "monotone" { return [CellBehaviour.counter, .rising, .falling] }
        guard let behaviour = CellBehaviour(rawValue: String(word)) else {
          throw ArgumentMismatch(Spelling.unknown("behaviour", String(word), among: names))
        }
        return [behaviour]
      }
    }
  }
}

/// A tracking under way: calls a script's function after each sample.
final class TrackWatch {
  private let call: RunningCall
  private let function: KeptFunction
  /// What a script's function raised.
  private(set) var failure: (any Error)?

  init(_ call: borrowing Call, _ function: KeptFunction) {
    self.call = call.running
    self.function = function
  }

  /// False to stop.
  func look(_ progress: TrackProgress) -> Bool {
    do {
      return try call { call in
        try function(
          in: call, results: 1, arguments: { reply in Self.write(progress, to: reply) },
          read: { call in call.kind(at: -1) != .boolean || call.truth(at: -1) })
      }
    } catch {
      failure = error
      return false
    }
  }

  private static func write(_ progress: TrackProgress, to reply: Reply) {
    reply.table(recordCount: 3) { reply in
      reply.key("samples")
      reply.integer(Int64(progress.samples))
      reply.key("changed")
      reply.integer(Int64(progress.changed))
      reply.key("seconds")
      reply.number(progress.seconds)
    }
  }
}
