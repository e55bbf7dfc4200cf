import LuaHost
import MemoryModel

/// Tables of a type, perhaps a value, and options, as the searches for several values take them:
/// `{"i32", 5}`, `{"f32", 1.5, digits=1}`, `{"i32", {between={1, 9}}}`.
extension Call {
  /// The numbers that the entries of such a table have: the type and the value.
  static var itemNumbers: ClosedRange<Int64> { 1...2 }

  /// The type, which is the first entry.
  func itemType<Value>(_ type: ArgumentType<Value>, at table: Int32) throws -> Value {
    guard kind(at: table) == .table else { throw mismatch("{type, value, ...}", at: table) }
    return try item(1, of: table) { call, index in
      guard call.kind(at: index) == .string else { throw call.mismatch("type name", at: index) }
      return try type.read(call, index)
    }
  }

  /// The value, which is the second entry, and the options, which stand beside it or in its place.
  func itemValue<Options>(_ options: Parameter<Options>, at table: Int32) throws
    -> (value: ScalarValue?, options: Options)
  {
    let own = try readOptions(options, at: table, allowingItems: Self.itemNumbers)
    let isNamed = try hasNamedEntries(at: table)
    return try item(2, of: table) { call, index in
      if call.isAbsent(at: index) { return (nil, own) }
      guard call.kind(at: index) == .table else {
        return (try ArgumentType<ScalarValue>.scalarValue.read(call, index), own)
      }
      guard !isNamed else {
        throw ArgumentMismatch("options stand in the place of the value or beside it, not in both")
      }
      return (nil, try call.readOptions(options, at: index))
    }
  }

  /// The byte pattern that is the second entry.
  func itemPattern(at table: Int32) throws -> BytePattern {
    try item(2, of: table) { call, index in
      guard call.kind(at: index) == .string else { throw call.mismatch("byte pattern", at: index) }
      return try ArgumentType<BytePattern>.bytePattern.read(call, index)
    }
  }
}

extension ArgumentMismatch {
  /// Puts a place in front of what `body` says is wrong: `field at 8: ...`.
  static func at<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let mismatch as ArgumentMismatch {
      throw ArgumentMismatch("\(place): \(mismatch.reason)")
    }
  }
}

extension ValueSettings {
  /// Whether none of the options was given.
  var isEmpty: Bool {
    comparison == nil && realMatch == .exact && mask == nil && encoding.isNone
  }
}
