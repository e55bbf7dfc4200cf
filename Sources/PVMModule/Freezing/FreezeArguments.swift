import LuaHost
import MemoryModel
import RemoteMemory

/// How a place is to be held.
enum FreezeMode {
  /// At a value.
  case hold
  /// Not below a value.
  case least
  /// Not above a value.
  case most
  /// Within two limits.
  case range
  /// At what a function says from time to time.
  case follow(KeptFunction)

  /// The words for all but the last.
  static let words = ["hold", "min", "max", "range"]

  /// The mode of a word or a function.
  init(_ value: LuaValue) throws {
    if case .function(let function) = value {
      self = .follow(function)
      return
    }
    guard case .bytes(let bytes) = value else {
      throw ArgumentMismatch("string or function expected, got \(value.typeName)")
    }
    let word = String(decoding: bytes, as: UTF8.self)
    switch word {
    case "hold": self = .hold
    case "min": self = .least
    case "max": self = .most
    case "range": self = .range
    default: throw ArgumentMismatch(Spelling.unknown("mode", word, among: Self.words))
    }
  }

  /// The word for scripts.
  var word: String {
    switch self {
    case .hold: "hold"
    case .least: "min"
    case .most: "max"
    case .range: "range"
    case .follow: "function"
    }
  }
}

/// What a script says of a freeze, beside its place.
struct FreezeArguments {
  /// What is to be held, or the limit; nil for what is there now.
  var value: LuaValue?
  /// Nil: a range when there is a limit, else to hold.
  var mode: FreezeMode?
  /// Seconds from one look to the next.
  var every = Freeze.standardSeconds
  /// The limits of a range.
  var low: LuaValue?
  var high: LuaValue?
  /// Whether memory that is shared with a file may be written.
  var sharedFile = false

  /// The table of options.
  static var options: Parameter<FreezeArguments> {
    Parameter<(FreezeMode?, Double, LuaValue?, LuaValue?, Bool)>.options(
      "how to hold it",
      Parameter<FreezeMode?>.optional(
        "mode", .freezeMode,
        "\"hold\" the value; \"min\" or \"max\": let it be no less or no more; \"range\": keep it from "
          + "`min` to `max`; or a function that says from time to time what to hold"),
      Parameter(
        "every", .freezeSeconds, "seconds from one look to the next, 0.001 to 3600",
        default: Freeze.standardSeconds, "0.05"),
      Parameter<LuaValue?>.optional("min", .freezeLimit, "the least value of a range"),
      Parameter<LuaValue?>.optional("max", .freezeLimit, "the greatest value of a range"),
      Parameter(
        "shared", .boolean, "allow memory shared with a file, which changes the file",
        default: false)
    ).map(FreezeArguments.init)
  }

  /// A value that is held; nil for what is there then.
  init(holding value: LuaValue?) { self.value = value }

  private init(
    _ mode: FreezeMode?, _ every: Double, _ low: LuaValue?, _ high: LuaValue?, _ sharedFile: Bool
  ) {
    self.mode = mode
    self.every = every
    self.low = low
    self.high = high
    self.sharedFile = sharedFile
  }

  /// How it is held.
  var effectiveMode: FreezeMode { mode ?? (low != nil || high != nil ? .range : .hold) }
}

extension ArgumentType where Value == FreezeMode {
  fileprivate static var freezeMode: ArgumentType<FreezeMode> {
    ArgumentType(
      "mode or function", annotation: "\"hold\"|\"min\"|\"max\"|\"range\"|fun(now, held): any",
      choices: FreezeMode.words
    ) { call, index in try FreezeMode(call.value(at: index)) }
  }
}

extension ArgumentType where Value == Double {
  fileprivate static var freezeSeconds: ArgumentType<Double> {
    ArgumentType<Double>.seconds.map { seconds in
      guard Freeze.possibleSeconds.contains(seconds) else {
        throw ArgumentMismatch("seconds must be 0.001 to 3600, got \(seconds)")
      }
      return seconds
    }
  }
}

extension ArgumentType where Value == LuaValue {
  /// What can be a limit of a value.
  fileprivate static var freezeLimit: ArgumentType<LuaValue> {
    ArgumentType("number", annotation: "number") { call, index in
      let value = try call.value(at: index)
      guard ScalarValue(value) != nil else { throw call.mismatch("number", at: index) }
      return value
    }
  }

  /// What a cell can hold; a table is left to the options behind it.
  static var heldValue: ArgumentType<LuaValue> {
    ArgumentType("number, boolean or string", annotation: "number|boolean|string") { call, index in
      switch call.kind(at: index) {
      case .boolean, .integer, .number, .string, .table: return try call.value(at: index)
      default: throw call.mismatch("number, boolean or string", at: index)
      }
    }
  }
}
