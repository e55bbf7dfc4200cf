internal import CLuaBridge

extension Declaration {
  /// Declares `object:close()`, which a variable declared `<close>` calls too: the handle gives up
  /// its object now, and not only when Lua collects it. Closing again is harmless; every other use of a closed handle says "closed".
  ///
  /// - Parameter body: runs before the handle gives the object up, the first time only.
  public static func close<Receiver: AnyObject>(
    _ summary: String, about: About = .nothing,
    _ body: @escaping (borrowing Call, Receiver) throws -> Void
  ) -> Declaration {
    var declaration = Declaration(
      "close", summary, role: .function, parameters: [], results: [], about: about
    ) { host in
      let classID = host.classID(of: Receiver.self) ?? -1
      return { call in
        guard unsafe pvl_class_at(call.state, 1) == classID else {
          throw unsafe ScriptFailure.badArgument(
            1, call.mismatch(call.host.className(classID), at: 1).reason)
        }
        guard let receiver = try? call.object(Receiver.self, class: classID, at: 1) else { return }
        defer { call.closeHandle(at: 1) }
        try body(call, receiver)
      }
    }
    declaration.isClosing = true
    return declaration
  }

  /// The same method, which a variable declared `<close>` calls too as it goes out of scope. Unlike
  /// `close` it leaves the handle open.
  public func atEndOfScope() -> Declaration {
    var declaration = self
    declaration.isClosing = true
    return declaration
  }
}
