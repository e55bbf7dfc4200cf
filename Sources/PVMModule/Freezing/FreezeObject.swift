import LuaHost
import MemoryModel
import RemoteMemory

/// A freeze as scripts hold it: with the types that its bytes have.
public final class FreezeObject {
  let cell: CellObject
  let freeze: Freeze
  let mode: FreezeMode
  /// The value that is held, or the limit; nil for a range.
  private(set) var value: HitValue?
  let low: ScalarValue?
  let high: ScalarValue?
  /// When the function is called next, on the monotonic clock in seconds.
  private(set) var nextCall: Double

  fileprivate init(_ cell: CellObject, _ freeze: Freeze, _ mode: FreezeMode, _ limits: Limits) {
    self.cell = cell
    self.freeze = freeze
    self.mode = mode
    value = limits.value
    low = limits.low
    high = limits.high
    nextCall = Clock.now + freeze.seconds
  }

  /// Holds another value, or has another limit, from now on.
  func change(to value: LuaValue) throws {
    if case .range = mode {
      throw ArgumentMismatch("a range has no value; release it and freeze the place anew")
    }
    let (rule, limits) = try cell.rule(for: mode, value, low: nil, high: nil)
    try freeze.change(to: rule)
    self.value = limits.value
  }

  /// Asks the function what to hold, if it is time; for other modes nothing happens.
  func follow(in call: borrowing Call) throws {
    guard case .follow(let function) = mode, Clock.now >= nextCall, freeze.isActive else { return }
    nextCall = Clock.now + freeze.seconds
    guard let now = try? cell.value() else { return }
    let answer = try function(
      in: call, results: 1,
      arguments: { reply in
        now.write(to: reply)
        value.write(to: reply)
      }, read: { call in try call.value(at: -1) })
    if case .null = answer { return }
    try change(to: answer)
  }

  /// What the limits are, in the types of the cell.
  struct Limits {
    var value: HitValue?
    var low: ScalarValue?
    var high: ScalarValue?
  }
}

extension CellObject {
  /// Holds the place as a script wants it.
  func freeze(_ arguments: FreezeArguments) throws -> FreezeObject {
    let process = try handle.live()
    let address = try place()
    let mode = arguments.effectiveMode
    let (rule, limits) = try rule(
      for: mode, arguments.value, low: arguments.low, high: arguments.high)
    let freeze = try process.freeze(
      at: address, rule, every: arguments.every,
      options: WriteOptions(sharedFile: arguments.sharedFile))
    return FreezeObject(self, freeze, mode, limits)
  }

  /// What the place is to hold in a mode; without a value, what it holds now.
  fileprivate func rule(
    for mode: FreezeMode, _ value: LuaValue?, low: LuaValue?, high: LuaValue?
  ) throws -> (FreezeRule, FreezeObject.Limits) {
    switch mode {
    case .hold, .follow:
      try refuseLimits(low, high, mode)
      let bytes =
        try value.map(storedBytes) ?? handle.source.readBytes(at: place(), count: byteCount)
      let held = HitValue(bytes, element, encoding, in: handle.source)
      return (.hold(bytes), .init(value: held))
    case .least, .most:
      try refuseLimits(low, high, mode)
      let limit = try scalar(value ?? self.value().luaValue, mode)
      let stored = try storedScalar(mode)
      let rule: FreezeRule =
        if case .least = mode { try .within(limit, nil, as: stored) } else {
          try .within(nil, limit, as: stored)
        }
      return (rule, .init(value: .scalar(limit)))
    case .range:
      guard value == nil else {
        throw ArgumentMismatch("a range has no value, only the options min and max")
      }
      let low = try low.map { try scalar($0, mode) }
      let high = try high.map { try scalar($0, mode) }
      return (try .within(low, high, as: storedScalar(mode)), .init(low: low, high: high))
    }
  }

  private func refuseLimits(_ low: LuaValue?, _ high: LuaValue?, _ mode: FreezeMode) throws {
    guard low == nil, high == nil else {
      throw ArgumentMismatch("options min and max go with mode \"range\", not \"\(mode.word)\"")
    }
  }

  private func scalar(_ value: LuaValue, _ mode: FreezeMode) throws -> ScalarValue {
    _ = try storedScalar(mode)
    guard let scalar = ScalarValue(value) else {
      throw ArgumentMismatch("number or boolean expected, got \(value.typeName)")
    }
    return scalar
  }

  private func storedScalar(_ mode: FreezeMode) throws -> StoredScalar {
    guard let format = element.format else {
      throw ArgumentMismatch("mode \"\(mode.word)\" needs a number, and this is \(typeName)")
    }
    return StoredScalar(format, encoding, in: handle.source)
  }
}

extension HitValue {
  fileprivate var luaValue: LuaValue {
    switch self {
    case .scalar(let value): value.luaValue
    case .bytes(let bytes): .bytes(bytes)
    }
  }
}
