/// How a declared function fails.
public enum ScriptFailure: Error {
  /// Wrong use: "bad argument #index to 'name' (reason)". The receiver of a method counts as 1.
  case badArgument(Int32, String)
  /// Wrong use that no single argument is to blame for.
  case misuse(String)
  /// An error value that a script's own function raised; it lies on the Lua stack.
  case raised(stackIndex: Int32)
}

/// An error of the world outside that a script can read: it is raised as a table with these fields,
/// or returned by a `try_` twin.
public protocol ScriptError: Error {
  /// "EFAULT".
  var code: String { get }
  /// One line, without the position.
  var message: String { get }
  /// What to type next.
  var hint: String? { get }
  /// Further fields: op, pid, address, requested, transferred ...
  var fields: [(name: String, value: LuaValue)] { get }
}

extension Reply {
  /// Writes the table that stands for an error. Its tostring is the message and, below, the hint.
  public func error(_ error: any ScriptError) {
    let fields = error.fields
    table(recordCount: fields.count + 5) { reply in
      reply.field("code", .text(error.code))
      reply.field("message", .text(error.message))
      for field in fields { reply.field(field.name, field.value) }
      if let hint = error.hint { reply.field("hint", .text(hint)) }
      reply.field("text", .text(error.message + (error.hint.map { "\n  " + $0 } ?? "")))
      reply.markError()
    }
  }

  /// A key and its value.
  public func field(_ name: String, _ value: LuaValue) {
    if case .null = value { return }
    key(name)
    self.value(value)
  }
}
