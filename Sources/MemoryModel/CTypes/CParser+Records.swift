extension CParser {
  /// A struct or union: a mention of it, or its members.
  mutating func record(
    isUnion: Bool, _ found: inout CSpecifiers
  ) throws(CSyntaxError) -> CType {
    let start = token
    advance()
    var attributes = CAttributes()
    try skipAttributes(&attributes)
    var tag: String?
    if case .word(let word) = token.kind {
      tag = word
      advance()
      try skipAttributes(&attributes)
    }
    let word = isUnion ? "union " : "struct "
    if tag == nil { scope.anonymousCount &+= 1 }
    let key = word + (tag ?? "#\(scope.anonymousCount)")
    if isSign(":") {
      throw token.error("bases of C++ are not understood; give them as first member")
    }
    guard isSign("{") else {
      if tag == nil { throw start.error("expected a name or '{' after \(start.text)") }
      if scope.records[key] == nil { scope.records[key] = CRecord(isUnion: isUnion) }
      return CType(kind: .record(key), byteCount: 0, alignment: 1)
    }
    if defined.contains(key) { throw start.error("'\(key)' is declared twice") }
    if tag == nil { found.anonymous = key }
    if scope.records[key]?.body != nil { scope.records[key] = nil }
    let body = try nested { (parser) throws(CSyntaxError) in
      try parser.body(isUnion, attributes, start)
    }
    scope.records[key] = CRecord(isUnion: isUnion, body: body)
    defined.append(key)
    return CType(kind: .record(key), byteCount: body.byteCount, alignment: body.alignment)
  }

  mutating func skipAttributes(_ found: inout CAttributes) throws(CSyntaxError) {
    while case .word(let word) = token.kind {
      guard try attributes(word, &found) else { return }
    }
  }

  /// The attributes behind a name.
  mutating func memberAttributes(_ declarator: inout CDeclarator) throws(CSyntaxError) {
    var found = CAttributes()
    try skipAttributes(&found)
    declarator.isPacked = found.isPacked
    declarator.aligned = found.aligned
  }

  /// The members in braces.
  ///
  /// Attributes behind the closing brace count too, so that the members are placed when all are
  /// known.
  private mutating func body(
    _ isUnion: Bool, _ attributes: CAttributes, _ start: CToken
  ) throws(CSyntaxError) -> CRecord.Body {
    var attributes = attributes
    advance()
    var members: [CMember] = []
    var names: Set<String> = []
    while !isSign("}") {
      switch token.kind {
      case .end: throw start.error("'}' is missing at the end of \(start.text)")
      case .pack(let change): try apply(change)
      case .sign(";"): advance()
      case .word("_Static_assert"), .word("static_assert"):
        try skip(to: [";"])
      default: try member(into: &members, &names)
      }
    }
    advance()
    try skipAttributes(&attributes)
    var placement = RecordPlacement(isUnion: isUnion, isPacked: attributes.isPacked, pack: pack)
    var fields: [StructLayout.Field] = []
    for member in members { fields += try place(member, &placement) }
    let byteCount = placement.byteCount(aligned: attributes.aligned)
    do throws(StructLayoutError) {
      let layout = try StructLayout(
        fields: fields, byteCount: byteCount, alignment: placement.alignment,
        for: abi.pointerWidth)
      return CRecord.Body(
        layout: layout, byteCount: byteCount, alignment: placement.alignment)
    } catch {
      throw start.error("\(error)")
    }
  }

  /// One declaration inside a struct: a type and some names.
  private mutating func member(
    into members: inout [CMember], _ names: inout Set<String>
  ) throws(CSyntaxError) {
    let start = token
    let specifiers = try specifiers()
    if specifiers.isTypedef { throw start.error("a struct has no typedef among its members") }
    if isSign(";") {
      guard specifiers.anonymous != nil else { return advance() }
      let type = try sized(specifiers.type, start)
      for name in memberNames(of: type) where !names.insert(name).inserted {
        throw start.error("the member '\(name)' stands twice")
      }
      members.append(
        CMember(
          name: nil, type: type, bitCount: nil, isPacked: specifiers.isPacked,
          aligned: specifiers.aligned, token: start))
      return advance()
    }
    repeat {
      var declarator = try declarator(specifiers.type)
      let bitCount = take(":") ? try bits(of: declarator) : nil
      try memberAttributes(&declarator)
      guard declarator.name != nil || bitCount != nil else {
        throw declarator.token.error("expected the name of a member, got \(declarator.token.text)")
      }
      if let name = declarator.name, !names.insert(name).inserted {
        throw declarator.token.error("the member '\(name)' stands twice")
      }
      members.append(
        CMember(
          name: declarator.name, type: try sized(declarator.type, declarator.token),
          bitCount: bitCount, isPacked: specifiers.isPacked || declarator.isPacked,
          aligned: declarator.aligned ?? specifiers.aligned, token: declarator.token))
    } while take(",")
    try expect(";")
  }

  private func memberNames(of type: CType) -> [String] {
    guard case .record(let key) = type.kind, let body = scope.records[key]?.body else { return [] }
    return body.layout.fields.map(\.key.description)
  }

  /// How many bits a member has.
  private mutating func bits(of declarator: CDeclarator) throws(CSyntaxError) -> Int {
    let start = token
    let count = try constant()
    guard let format = declarator.type.bitFormat else {
      throw start.error("only whole numbers have bits")
    }
    let limit = format.type == .bool ? 1 : 8 &* declarator.type.byteCount
    guard count >= 0, count <= Int64(limit) else {
      throw start.error("this type has 1 to \(limit) bits, got \(count)")
    }
    guard count > 0 || declarator.name == nil else {
      throw start.error("a member of 0 bits has no name")
    }
    return Int(count)
  }
}

/// A member of a struct before it is placed.
struct CMember {
  /// Nil for unnamed bits, and for a struct whose members count as ours.
  let name: String?
  let type: CType
  let bitCount: Int?
  let isPacked: Bool
  let aligned: Int?
  let token: CToken
}

extension CParser {
  /// The fields that a member is.
  private func place(
    _ member: CMember, _ placement: inout RecordPlacement
  ) throws(CSyntaxError) -> [StructLayout.Field] {
    if let count = member.bitCount {
      return placeBits(member, count, &placement)
    }
    let offset = placement.place(member.type, packed: member.isPacked, aligned: member.aligned)
    guard offset <= StructLayout.byteLimit else {
      throw member.token.error("the struct takes more than \(StructLayout.byteLimit) bytes")
    }
    guard let name = member.name else { return innerFields(of: member.type, offset) }
    let key = StructLayout.Key.name(name)
    if case .array(let inner, let count) = member.type.kind {
      if let text = try text(inner, count ?? 0) {
        return [.init(key: key, offset: offset, element: text)]
      }
      return [
        .init(
          key: key, offset: offset, element: try element(inner, member.token), count: count ?? 0,
          stride: inner.byteCount)
      ]
    }
    return [.init(key: key, offset: offset, element: try element(member.type, member.token))]
  }

  private func placeBits(
    _ member: CMember, _ count: Int, _ placement: inout RecordPlacement
  ) -> [StructLayout.Field] {
    let first = placement.place(
      bits: count, of: member.type, isNamed: member.name != nil, packed: member.isPacked)
    guard let name = member.name, let format = member.type.bitFormat else { return [] }
    let bits = StructLayout.BitField(format: format, first: first % 8, count: count)
    return [.init(key: .name(name), offset: first / 8, element: .bits(bits))]
  }

  /// The members of a struct without a name, as members of the one it lies in.
  private func innerFields(of type: CType, _ offset: Int) -> [StructLayout.Field] {
    guard case .record(let key) = type.kind, let layout = scope.records[key]?.body?.layout else {
      return []
    }
    return zip(layout.fields, layout.shape(abi.pointerWidth).placed).map { field, place in
      .init(
        key: field.key, offset: offset &+ place.offset, element: place.element, count: field.count,
        stride: field.count == nil ? nil : place.stride)
    }
  }

  /// An array of characters.
  private func text(
    _ element: CType, _ count: Int
  ) throws(CSyntaxError) -> StructLayout.Element? {
    guard count > 0, case .number(_, let encoding?) = element.kind else { return nil }
    return .text(encoding, byteCount: count &* element.byteCount)
  }

  private func element(_ type: CType, _ token: CToken) throws(CSyntaxError) -> StructLayout.Element
  {
    switch type.kind {
    case .void: throw token.error("a member cannot be void")
    case .function: throw token.error("a member cannot be a function; write a pointer to one")
    case .number(let format, _): return .scalar(format)
    case .opaque: return .bytes(type.byteCount)
    case .pointer(let key): return key.map { .pointer(to: $0) } ?? .scalar(ScalarFormat(.ptr))
    case .record(let key):
      guard let layout = scope.records[key]?.body?.layout else {
        throw token.error("the members of '\(key)' are not known here")
      }
      return .nested(layout)
    case .array(let inner, let count):
      if let text = try text(inner, count ?? 0) { return text }
      return .array(try element(inner, token), count: count ?? 0, stride: inner.byteCount)
    }
  }
}
