import LuaHost
import MemoryModel
import RemoteMemory

/// The most bytes one call may bring into Lua, or take from it: 1 GiB.
let transferLimitBytes: Int64 = 1 << 30

extension ArgumentType where Value == Address {
  /// A plain integer; above 2^63 it is negative in Lua, with the same bits.
  static var address: ArgumentType<Address> {
    ArgumentType("address", annotation: "integer") { call, index in
      Address(luaInteger: try call.integer(at: index))
    }
  }
}

extension ArgumentType where Value == Int {
  /// A number of bytes.
  static var byteCount: ArgumentType<Int> { count("byte count", upTo: transferLimitBytes) }

  /// How many of something.
  static func count(_ what: String, from low: Int64 = 0, upTo high: Int64) -> ArgumentType<Int> {
    ArgumentType<Int64>.integer(low...high, what).map { Int($0) }
  }
}

/// Made once: many functions take a type.
private let scalarNames = ScalarFormat.all.map(\.name)

extension ArgumentType where Value == ScalarFormat {
  /// The name of a scalar type: "i32", "u16be", "ptr".
  static var scalar: ArgumentType<ScalarFormat> {
    ArgumentType<String>.text.map(
      "type name", annotation: "pvm.scalar", choices: scalarNames
    ) { name in
      guard let format = ScalarFormat(name: name) else {
        throw ArgumentMismatch(Spelling.unknown("type", name, among: scalarNames))
      }
      return format
    }
  }
}

extension ArgumentType where Value == TextEncoding {
  /// How text is stored.
  static var encoding: ArgumentType<TextEncoding> {
    ArgumentType<String>.word(TextEncoding.allCases.map(\.rawValue)).map {
      TextEncoding(rawValue: $0) ?? .utf8
    }
  }
}

extension ArgumentType where Value == ScalarValue {
  /// A number or a boolean.
  static var scalarValue: ArgumentType<ScalarValue> {
    ArgumentType("number or boolean", annotation: "number|boolean") { call, index in
      switch call.kind(at: index) {
      case .boolean: return .boolean(call.truth(at: index))
      case .number: return .real(try call.number(at: index))
      default: return .integer(try call.integer(at: index))
      }
    }
  }
}

extension ArgumentType where Value == PackFormat {
  /// A format of string.pack.
  static var packFormat: ArgumentType<PackFormat> {
    ArgumentType<String>.text.map("string.pack format") { text in
      do { return try PackFormat(parsing: text) } catch { throw ArgumentMismatch("\(error)") }
    }
  }
}

extension ArgumentType where Value == NamePattern {
  /// Plain text found anywhere, or a pattern with * and ?.
  static var namePattern: ArgumentType<NamePattern> {
    ArgumentType<String>.text.map("text, or a pattern with * and ?") { NamePattern($0) }
  }
}

extension ResultType where Value == Address {
  static func address(_ note: String, name: String = "address") -> ResultType<Address> {
    ResultType(name, annotation: "integer", note) { call, value in
      call.reply.integer(value.luaInteger)
    }
  }
}

extension ResultType where Value == ScalarValue {
  static func scalar(_ note: String) -> ResultType<ScalarValue> {
    ResultType("value", annotation: "number|boolean", note) { call, value in
      value.write(to: call.reply)
    }
  }
}
