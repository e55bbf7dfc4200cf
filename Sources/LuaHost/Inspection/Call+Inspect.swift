extension Call {
  /// Looks at a value for showing it. Only a `__tostring` of the script is run, under protection; the
  /// interrupt that ends one goes on when this call returns.
  public func inspect(at index: Int32, limits: InspectionLimits = InspectionLimits())
    -> InspectedValue
  {
    var inspector = unsafe Inspector(rawStack, host, limits)
    return inspector.value(index)
  }
}

extension LuaState {
  /// Looks at a global between two runs. A `__tostring` may run.
  func inspectGlobal(_ name: String, limits: InspectionLimits = InspectionLimits())
    -> InspectedValue?
  {
    guard let stack = idleStack else { return nil }
    return stack.scoped {
      stack.pushGlobals()
      stack.pushField(-1, name)
      var inspector = Inspector(stack, self, limits)
      return inspector.value(-1)
    }
  }

  /// The object of a class that a global holds; nil for anything else.
  public func globalObject<Object: AnyObject>(_ name: String, as type: Object.Type) -> Object? {
    guard let stack = idleStack else { return nil }
    return stack.scoped {
      stack.pushGlobals()
      stack.pushField(-1, name)
      return stack.object(-1) as? Object
    } ?? nil
  }
}
