internal import CLuaBridge

extension Declaration {
  /// Declares a function of the module: `pvm.NAME(...)`.
  ///
  /// The closure's parameters have the types that the declared parameters read, so the text of the
  /// manual and the code cannot disagree.
  public static func function<each Value, Answer>(
    _ name: String, _ summary: String, _ parameter: repeat Parameter<each Value>,
    returns result: ResultType<Answer>, about: About = .nothing,
    _ body: @escaping (borrowing Call, repeat each Value) throws -> Answer
  ) -> Declaration {
    var texts: [ParameterText] = []
    repeat texts.append((each parameter).text)
    return Declaration(
      name, summary, role: .function, parameters: texts, results: result.texts, about: about
    ) { _ in
      { call in
        var index: Int32 = 0
        let answer = try body(call, repeat try (each parameter).read(call, after: &index))
        try result.write(call, answer)
      }
    }
  }

  /// Declares a method: `object:NAME(...)`. The closure's second parameter is the object.
  public static func method<Receiver: AnyObject, each Value, Answer>(
    _ name: String, _ summary: String, _ parameter: repeat Parameter<each Value>,
    returns result: ResultType<Answer>, about: About = .nothing,
    _ body: @escaping (borrowing Call, Receiver, repeat each Value) throws -> Answer
  ) -> Declaration {
    var texts: [ParameterText] = []
    repeat texts.append((each parameter).text)
    return Declaration(
      name, summary, role: .function, parameters: texts, results: result.texts, about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        let receiver = try call.receiver(Receiver.self, class: classID)
        var index: Int32 = 1
        let answer = try body(call, receiver, repeat try (each parameter).read(call, after: &index))
        try result.write(call, answer)
      }
    }
  }

  /// Declares a method that is called most often and so is written by hand: it reads its own
  /// arguments and writes its own reply. The texts are given beside it.
  public static func fastMethod<Receiver: AnyObject>(
    _ name: String, _ summary: String, parameters: [ParameterText], results: [ResultText],
    about: About = .nothing, _ body: @escaping (borrowing Call, Receiver) throws -> Void
  ) -> Declaration {
    Declaration(
      name, summary, role: .function, parameters: parameters, results: results, about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in try body(call, call.receiver(Receiver.self, class: classID)) }
    }
  }

  /// Declares a field that is read: `object.NAME`.
  public static func field<Receiver: AnyObject, Answer>(
    _ name: String, _ result: ResultType<Answer>, about: About = .nothing,
    _ body: @escaping (Receiver) throws -> Answer
  ) -> Declaration {
    Declaration(
      name, result.texts.first?.note ?? "", role: .getter, parameters: [], results: result.texts,
      about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        try result.write(call, body(call.receiver(Receiver.self, class: classID)))
      }
    }
  }

  /// Declares the assignment to a field: `object.NAME = value`.
  public static func assignment<Receiver: AnyObject, Value>(
    _ name: String, _ type: ArgumentType<Value>, _ summary: String, about: About = .nothing,
    _ body: @escaping (Receiver, Value) throws -> Void
  ) -> Declaration {
    let parameter = Parameter("value", type, summary)
    return Declaration(
      name, summary, role: .setter, parameters: [parameter.text], results: [], about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        let receiver = try call.receiver(Receiver.self, class: classID)
        try body(receiver, parameter.read(call, at: 2))
      }
    }
  }

  /// Declares what `object[i]` is, for integers.
  public static func item<Receiver: AnyObject, Answer>(
    _ result: ResultType<Answer>, about: About = .nothing,
    _ body: @escaping (Receiver, Int64) throws -> Answer
  ) -> Declaration {
    Declaration(
      "[i]", result.texts.first?.note ?? "", role: .item, parameters: [], results: result.texts,
      about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        let receiver = try call.receiver(Receiver.self, class: classID)
        guard let index = try? call.integer(at: 2) else { return call.reply.null() }
        try result.write(call, body(receiver, index))
      }
    }
  }

  /// Declares what `object.NAME` is for names that are no declared members; the closure gets the
  /// name.
  public static func unknownField<Receiver: AnyObject>(
    _ body: @escaping (borrowing Call, Receiver, String) throws -> Void
  ) -> Declaration {
    Declaration(
      "[name]", "", role: .unknownField, parameters: [], results: [], about: .nothing
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        try body(call, call.receiver(Receiver.self, class: classID), call.fieldName)
      }
    }
  }

  /// Declares what `object[key] = value` does where no field of that name is declared. The closure
  /// reads the key, a name or an integer, and the value: arguments 2 and 3.
  public static func unknownAssignment<Receiver: AnyObject>(
    _ body: @escaping (borrowing Call, Receiver) throws -> Void
  ) -> Declaration {
    Declaration(
      "[name] =", "", role: .unknownAssignment, parameters: [], results: [], about: .nothing
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in try body(call, call.receiver(Receiver.self, class: classID)) }
    }
  }

  /// Declares a metamethod: "__len", "__tostring", "__pairs", "__call".
  public static func metamethod<Receiver: AnyObject, Answer>(
    _ name: String, _ result: ResultType<Answer>,
    _ body: @escaping (borrowing Call, Receiver) throws -> Answer
  ) -> Declaration {
    Declaration(
      name, result.texts.first?.note ?? "", role: .metamethod, parameters: [],
      results: result.texts, about: .nothing
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        if name == "__tostring", call.isClosedHandle(class: classID, at: 1) {
          let name = unsafe call.host.className(classID)
          return call.reply.text("\(name) (closed)")
        }
        let receiver = try call.receiver(Receiver.self, class: classID)
        try result.write(call, body(call, receiver))
      }
    }
  }
}

extension Parameter {
  /// Reads the next argument.
  func read(_ call: borrowing Call, after index: inout Int32) throws -> Value {
    index += 1
    return try read(call, at: index)
  }
}

extension Call {
  /// The object a method was called on, or a field was read of.
  @inlinable
  func receiver<Object: AnyObject>(_ type: Object.Type, class classID: Int32) throws -> Object {
    do { return try object(type, class: classID, at: 1) } catch let mismatch as ArgumentMismatch {
      throw receiverFailure(mismatch, class: classID)
    }
  }

  /// A closed object is no matter of arguments.
  @usableFromInline
  func receiverFailure(_ mismatch: ArgumentMismatch, class classID: Int32) -> ScriptFailure {
    unsafe pvl_class_at(state, 1) == classID
      ? .misuse(mismatch.reason) : .badArgument(1, mismatch.reason)
  }

  /// The key of an indexed object, as text.
  var fieldName: String {
    (try? bytes(at: 2)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
  }
}
