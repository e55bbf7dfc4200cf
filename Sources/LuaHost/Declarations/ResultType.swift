/// How a result becomes Lua values, and what the manual says of it.
public struct ResultType<Value> {
  public let texts: [ResultText]
  public let write: (borrowing Call, Value) throws -> Void

  public init(_ texts: [ResultText], write: @escaping (borrowing Call, Value) throws -> Void) {
    self.texts = texts
    self.write = write
  }

  public init(
    _ name: String, annotation: String, _ note: String,
    write: @escaping (borrowing Call, Value) throws -> Void
  ) {
    self.init([ResultText(name, annotation: annotation, note: note)], write: write)
  }

  /// The same, or nil.
  public func optional() -> ResultType<Value?> {
    ResultType<Value?>(
      texts.map { ResultText($0.name, annotation: $0.annotation + "?", note: $0.note) }
    ) { call, value in
      if let value { try write(call, value) } else { call.reply.null() }
    }
  }

  /// Several results, one after the other.
  public static func values<each Part>(
    _ part: repeat ResultType<each Part>
  ) -> ResultType where Value == (repeat each Part) {
    var texts: [ResultText] = []
    repeat texts.append(contentsOf: (each part).texts)
    return ResultType(texts) { call, value in
      repeat try (each part).write(call, each value)
    }
  }
}

extension ResultType where Value == Void {
  /// No result.
  public static var nothing: ResultType<Void> { ResultType([]) { _, _ in } }
  /// Results that the body has written into the reply itself.
  public static func written(_ texts: ResultText...) -> ResultType<Void> {
    ResultType(texts) { _, _ in }
  }
}

extension ResultType where Value == Int64 {
  public static func integer(_ note: String, name: String = "value") -> ResultType<Int64> {
    ResultType(name, annotation: "integer", note) { call, value in call.reply.integer(value) }
  }
}

extension ResultType where Value == Int {
  public static func count(_ note: String, name: String = "count") -> ResultType<Int> {
    ResultType(name, annotation: "integer", note) { call, value in
      call.reply.integer(Int64(value))
    }
  }
}

extension ResultType where Value == Double {
  public static func number(_ note: String, name: String = "value") -> ResultType<Double> {
    ResultType(name, annotation: "number", note) { call, value in call.reply.number(value) }
  }
}

extension ResultType where Value == Bool {
  public static func boolean(_ note: String, name: String = "answer") -> ResultType<Bool> {
    ResultType(name, annotation: "boolean", note) { call, value in call.reply.boolean(value) }
  }
}

extension ResultType where Value == [UInt8] {
  public static func bytes(_ note: String, name: String = "bytes") -> ResultType<[UInt8]> {
    ResultType(name, annotation: "string", note) { call, value in call.reply.bytes(value) }
  }
}

extension ResultType where Value == String {
  public static func text(_ note: String, name: String = "text") -> ResultType<String> {
    ResultType(name, annotation: "string", note) { call, value in call.reply.text(value) }
  }
}

extension ResultType where Value == LuaValue {
  public static func value(
    _ annotation: String, _ note: String, name: String = "value"
  ) -> ResultType<LuaValue> {
    ResultType(name, annotation: annotation, note) { call, value in call.reply.value(value) }
  }
}

extension ResultType where Value: AnyObject {
  /// An object of a declared class.
  ///
  /// - Parameter weight: how many bytes an object holds outside Lua.
  public static func object(
    _ className: String, _ note: String, name: String = "object",
    weight: @escaping (Value) -> Int = { _ in 0 }
  ) -> ResultType<Value> {
    ResultType(name, annotation: className, note) { call, value in
      call.reply.object(value, weight: weight(value))
    }
  }
}
