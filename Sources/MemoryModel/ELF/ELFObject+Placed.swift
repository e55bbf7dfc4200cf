extension ELFObject {
  /// The code as it must be to lie at an address, with every gap filled in.
  ///
  /// - Parameters:
  ///   - address: where its first byte lies.
  ///   - symbols: the addresses of names that the text uses and does not define.
  /// - Throws: `AssemblyError` for an unknown name, and for a distance or address that its
  ///   instruction has no room for.
  public func placed(
    at address: Address, symbols: [String: Address] = [:]
  ) throws(AssemblyError) -> [UInt8] {
    guard address.rawValue % alignment == 0 else {
      throw AssemblyError(
        "the text asks for a multiple of \(alignment) bytes, which \(address) is not")
    }
    var code = code
    for relocation in relocations {
      let target: UInt64
      switch relocation.place {
      case .absolute(let value): target = value
      case .inCode(let offset): target = address.rawValue &+ offset
      case .undefined(let name):
        guard let known = symbols[name] else {
          throw AssemblyError(
            "nothing is known by the name '\(name)'; write its address, or give it as a symbol")
        }
        target = known.rawValue
      }
      try apply(relocation, target, address, to: &code)
    }
    return code
  }

  private func apply(
    _ relocation: Relocation, _ target: UInt64, _ address: Address, to code: inout [UInt8]
  ) throws(AssemblyError) {
    guard let field = RelocatedField(machine: machine, type: relocation.type) else {
      throw AssemblyError(
        "relocation \(relocation.type) of this machine needs a linker; use plain addresses")
    }
    guard let offset = Int(exactly: relocation.offset),
      let old = format.number(code, offset, width: field.byteCount)
    else { throw AssemblyError("the assembler names a place outside its code") }
    let addend = relocation.addend ?? field.addend(in: old)
    let value = target &+ UInt64(bitPattern: addend)
    let place = address.rawValue &+ relocation.offset
    guard let filled = field.filled(old, value: value, place: place) else {
      throw AssemblyError(field.refusal(of: value, from: place))
    }
    var bytes: [UInt8] = []
    format.append(filled, width: field.byteCount, to: &bytes)
    code.replaceSubrange(offset..<(offset + field.byteCount), with: bytes)
  }
}
