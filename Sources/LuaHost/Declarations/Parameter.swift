/// A declared parameter, or an option of a table of options: name, check, note and default.
public struct Parameter<Value> {
  public let name: String
  public let type: ArgumentType<Value>
  public let note: String
  let absent: Value?
  let defaultText: String?
  var options: [ParameterText] = []
  /// Reads the fields of a table of options whose names were checked already; false: no table.
  var readFields: ((borrowing Call, Int32, Bool) throws -> Value)?

  /// A parameter that must be passed.
  public init(_ name: String, _ type: ArgumentType<Value>, _ note: String) {
    self.init(name: name, type: type, note: note, absent: nil, defaultText: nil)
  }

  /// A parameter with a default; `text` is how the manual shows the default.
  public init(
    _ name: String, _ type: ArgumentType<Value>, _ note: String, default value: Value,
    _ text: String? = nil
  ) {
    self.init(
      name: name, type: type, note: note, absent: value, defaultText: text ?? "\(value)")
  }

  init(name: String, type: ArgumentType<Value>, note: String, absent: Value?, defaultText: String?)
  {
    self.name = name
    self.type = type
    self.note = note
    self.absent = absent
    self.defaultText = defaultText
  }

  /// A parameter that may be left out, and is nil then.
  public static func optional<Wrapped>(
    _ name: String, _ type: ArgumentType<Wrapped>, _ note: String
  ) -> Parameter where Value == Wrapped? {
    Parameter(
      name: name,
      type: ArgumentType<Wrapped?>(
        type.summary, annotation: type.annotation, choices: type.choices
      ) { call, index in try type.read(call, index) },
      note: note, absent: .some(nil), defaultText: nil)
  }

  var text: ParameterText {
    ParameterText(
      name: name, summary: type.summary, annotation: type.annotation, note: note,
      defaultText: defaultText, isOptional: absent != nil, choices: type.choices,
      options: options)
  }

  /// Reads the argument at an index; an absent one gives the default.
  @inlinable
  func read(_ call: borrowing Call, at index: Int32) throws -> Value {
    if call.isAbsent(at: index), let value = defaultValue { return value }
    do { return try type.read(call, index) } catch let mismatch as ArgumentMismatch {
      throw ScriptFailure.badArgument(index, mismatch.reason)
    }
  }

  @usableFromInline var defaultValue: Value? { absent }
}
