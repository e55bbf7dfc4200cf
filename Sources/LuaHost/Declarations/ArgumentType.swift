internal import CLuaBridge

/// How one Lua argument, option or table field is read: the check, and what the manual says of it.
///
/// Rooms above add their own kinds by static members in constrained extensions, for example
/// `extension ArgumentType where Value == Address`.
public struct ArgumentType<Value> {
  /// What a script's author passes, in words: "an address", "bytes (0 to 4096)".
  public let summary: String
  /// The type in the notation of lua-language-server: "integer", "string|number".
  public let annotation: String
  /// The accepted words, where the values are enumerated.
  public let choices: [String]
  /// Reads the value at a stack index, without raising.
  public let read: (borrowing Call, Int32) throws -> Value

  public init(
    _ summary: String, annotation: String, choices: [String] = [],
    read: @escaping (borrowing Call, Int32) throws -> Value
  ) {
    self.summary = summary
    self.annotation = annotation
    self.choices = choices
    self.read = read
  }

  /// The same check with the result turned into something else, or refused with a reason.
  public func map<Other>(
    _ summary: String? = nil, annotation: String? = nil, choices: [String]? = nil,
    _ transform: @escaping (Value) throws -> Other
  ) -> ArgumentType<Other> {
    ArgumentType<Other>(
      summary ?? self.summary, annotation: annotation ?? self.annotation,
      choices: choices ?? self.choices
    ) { call, index in try transform(read(call, index)) }
  }
}

/// Why a value does not fit; becomes "bad argument #2 to 'read' (...)" with the place filled in.
public struct ArgumentMismatch: Error {
  public let reason: String
  public init(_ reason: String) { self.reason = reason }
}

extension ArgumentType where Value == Int64 {
  /// An integer, a float with an exact integer value, or text that reads as one.
  public static var integer: ArgumentType<Int64> {
    ArgumentType("integer", annotation: "integer") { call, index in try call.integer(at: index) }
  }

  /// An integer within limits; `what` names the quantity in the message.
  public static func integer(
    _ limits: ClosedRange<Int64>, _ what: String = "value"
  ) -> ArgumentType<Int64> {
    let (low, high) = (limits.lowerBound, limits.upperBound)
    let words =
      low == .min ? "at most \(high)" : high == .max ? "at least \(low)" : "\(low) to \(high)"
    return ArgumentType("integer, \(words)", annotation: "integer") { call, index in
      let value = try call.integer(at: index)
      guard value >= low else {
        throw ArgumentMismatch("\(what) must be at least \(low), got \(value)")
      }
      guard value <= high else {
        throw ArgumentMismatch("\(what) must be at most \(high), got \(value)")
      }
      return value
    }
  }
}

extension ArgumentType where Value == Double {
  /// A number, or text that reads as one.
  public static var number: ArgumentType<Double> {
    ArgumentType("number", annotation: "number") { call, index in try call.number(at: index) }
  }

  /// A finite number of seconds, 0 or more.
  public static var seconds: ArgumentType<Double> {
    ArgumentType("seconds", annotation: "number") { call, index in
      let value = try call.number(at: index)
      guard value >= 0, value <= 1e9 else {
        throw ArgumentMismatch("seconds must be 0 to 1e9, got \(value)")
      }
      return value
    }
  }
}

extension ArgumentType where Value == Bool {
  /// true or false.
  public static var boolean: ArgumentType<Bool> {
    ArgumentType("boolean", annotation: "boolean") { call, index in
      guard call.kind(at: index) == .boolean else {
        throw call.mismatch("boolean", at: index)
      }
      return call.truth(at: index)
    }
  }
}

extension ArgumentType where Value == [UInt8] {
  /// A Lua string of any bytes, or a number as its decimal text.
  public static var bytes: ArgumentType<[UInt8]> {
    ArgumentType("string", annotation: "string") { call, index in try call.bytes(at: index) }
  }
}

extension ArgumentType where Value == String {
  /// Text; bytes that are not UTF-8 become U+FFFD.
  public static var text: ArgumentType<String> {
    ArgumentType("string", annotation: "string") { call, index in
      String(decoding: try call.bytes(at: index), as: UTF8.self)
    }
  }

  /// One of a list of words.
  public static func word(_ choices: [String]) -> ArgumentType<String> {
    ArgumentType(
      choices.map { "\"\($0)\"" }.joined(separator: " or "),
      annotation: choices.map { "\"\($0)\"" }.joined(separator: "|"), choices: choices
    ) { call, index in
      let word = String(decoding: try call.bytes(at: index), as: UTF8.self)
      guard choices.contains(word) else {
        throw ArgumentMismatch(Spelling.unknown("value", word, among: choices))
      }
      return word
    }
  }
}

extension ArgumentType where Value == LuaValue {
  /// Any value, tables copied (at most 100 levels and 4 million entries).
  public static var any: ArgumentType<LuaValue> {
    ArgumentType("any value", annotation: "any") { call, index in try call.value(at: index) }
  }

  /// A table, copied.
  public static var table: ArgumentType<LuaValue> {
    ArgumentType("table", annotation: "table") { call, index in
      guard call.kind(at: index) == .table else { throw call.mismatch("table", at: index) }
      return try call.value(at: index)
    }
  }
}

extension ArgumentType where Value == KeptFunction {
  /// A function, kept until the object that holds it goes.
  public static var function: ArgumentType<KeptFunction> {
    function(signature: "fun(...)")
  }

  /// A function, with its signature for the editor: "fun(status: table)".
  public static func function(signature: String) -> ArgumentType<KeptFunction> {
    ArgumentType("function", annotation: signature) { call, index in
      guard call.kind(at: index) == .callable else { throw call.mismatch("function", at: index) }
      return try call.keep(at: index)
    }
  }
}

extension ArgumentType where Value == Int32 {
  /// A function that is called before the declared one returns, by `Call.callArgument`: its place.
  public static func calledFunction(signature: String) -> ArgumentType<Int32> {
    ArgumentType("function", annotation: signature) { call, index in
      guard call.kind(at: index) == .callable else { throw call.mismatch("function", at: index) }
      return index
    }
  }
}

extension ArgumentType where Value == Void {
  /// All arguments from here on, of any kind, left where they are.
  public static var rest: ArgumentType<Void> {
    ArgumentType("values", annotation: "any") { _, _ in }
  }
}

extension ArgumentType {
  /// The same, or nil and absent.
  public func optional() -> ArgumentType<Value?> {
    ArgumentType<Value?>(summary, annotation: annotation + "?", choices: choices) { call, index in
      call.isAbsent(at: index) ? nil : try read(call, index)
    }
  }
}

extension ArgumentType where Value: AnyObject {
  /// An object of a declared class.
  public static func object(_ className: String) -> ArgumentType<Value> {
    ArgumentType(className, annotation: className) { call, index in
      unsafe try call.object(Value.self, class: call.host.classID(of: Value.self) ?? -1, at: index)
    }
  }
}
