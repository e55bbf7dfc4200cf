extension AddressExpression {
  /// The expression of a chain of pointers: `[[game+0x1234]+0x10]+8`.
  /// - Parameters:
  ///   - name: the module or region it begins in; empty for a plain number.
  ///   - start: where in it, or the number.
  ///   - offsets: what is added after each pointer.
  public init(name: String, start: UInt64, offsets: [Int64]) {
    var terms: [Term] = []
    if !name.isEmpty { terms.append(Term(isNegative: false, operand: .name(name), column: 1)) }
    if terms.isEmpty || start != 0 {
      terms.append(Term(isNegative: false, operand: .number(start), column: 1))
    }
    for offset in offsets {
      let pointer = Operand.pointer(at: AddressExpression(terms: terms))
      terms = [Term(isNegative: false, operand: pointer, column: 1)]
      guard offset != 0 else { continue }
      terms.append(
        Term(isNegative: offset < 0, operand: .number(offset.magnitude), column: 1))
    }
    self.init(terms: terms)
  }
}
