extension PackFormat {
  /// The bytes of these values.
  ///
  /// Integers may be given as whole reals and reals as integers, as in Lua. Padding is zero.
  /// - Parameters:
  ///   - values: one for each option that takes one.
  ///   - byteLimit: how many bytes may come out; default 64 MiB.
  /// - Throws: `PackDataError` when a value is missing, left over, of the wrong kind or too large
  ///   for its option, or when more bytes than `byteLimit` would come out.
  public func pack(
    _ values: [PackedValue], byteLimit: Int = 64 << 20
  ) throws(PackDataError) -> [UInt8] {
    var bytes: [UInt8] = []
    var valueIndex = 0
    for item in items {
      guard bytes.count &+ item.byteCount <= byteLimit else {
        throw PackDataError(valueIndex: valueIndex &+ 1, problem: "format result too large")
      }
      bytes.append(contentsOf: repeatElement(0, count: Self.padding(at: bytes.count, for: item)))
      guard item.kind.takesValue else {
        bytes.append(contentsOf: repeatElement(0, count: item.byteCount))
        continue
      }
      guard valueIndex < values.count else {
        throw PackDataError(valueIndex: valueIndex &+ 1, problem: "no value")
      }
      try Self.append(values[valueIndex], item, valueIndex &+ 1, to: &bytes)
      valueIndex &+= 1
    }
    guard valueIndex == values.count else {
      throw PackDataError(valueIndex: valueIndex &+ 1, problem: "the format has no option for it")
    }
    guard bytes.count <= byteLimit else {
      throw PackDataError(valueIndex: max(1, valueIndex), problem: "format result too large")
    }
    return bytes
  }

  /// Appends one value.
  private static func append(
    _ value: PackedValue, _ item: Item, _ valueIndex: Int, to bytes: inout [UInt8]
  ) throws(PackDataError) {
    switch item.kind {
    case .signed, .unsigned:
      let number = try integer(value, item, valueIndex)
      append(
        UInt64(bitPattern: number), item, fill: item.kind == .signed && number < 0 ? 0xFF : 0,
        to: &bytes)
    case .single:
      append(UInt64(Float(try real(value, valueIndex)).bitPattern), item, fill: 0, to: &bytes)
    case .double: append(try real(value, valueIndex).bitPattern, item, fill: 0, to: &bytes)
    case .fixedText, .countedText, .terminatedText:
      guard case .bytes(let text) = value else {
        throw PackDataError(valueIndex: valueIndex, problem: "string expected")
      }
      try append(text, item, valueIndex, to: &bytes)
    case .padding, .alignment: break
    }
  }

  /// Appends a string as its option wants it.
  private static func append(
    _ text: [UInt8], _ item: Item, _ valueIndex: Int, to bytes: inout [UInt8]
  ) throws(PackDataError) {
    switch item.kind {
    case .fixedText:
      guard text.count <= item.byteCount else {
        throw PackDataError(valueIndex: valueIndex, problem: "string longer than given size")
      }
      bytes.append(contentsOf: text)
      bytes.append(contentsOf: repeatElement(0, count: item.byteCount &- text.count))
    case .countedText:
      guard item.byteCount >= 8 || UInt64(text.count) >> UInt64(8 &* item.byteCount) == 0 else {
        throw PackDataError(
          valueIndex: valueIndex, problem: "string length does not fit in given size")
      }
      append(UInt64(text.count), item, fill: 0, to: &bytes)
      bytes.append(contentsOf: text)
    default:
      guard !text.contains(0) else {
        throw PackDataError(valueIndex: valueIndex, problem: "string contains zeros")
      }
      bytes.append(contentsOf: text)
      bytes.append(0)
    }
  }

  /// Appends the low bytes of a word in the item's order; what goes beyond 8 bytes is `fill`.
  private static func append(_ word: UInt64, _ item: Item, fill: UInt8, to bytes: inout [UInt8]) {
    let size = item.byteCount
    for place in 0..<size {
      let weight = item.byteOrder == .little ? place : size &- 1 &- place
      bytes.append(weight < 8 ? UInt8(truncatingIfNeeded: word >> UInt64(8 &* weight)) : fill)
    }
  }

  /// The value as a whole number within the limits of the item.
  private static func integer(
    _ value: PackedValue, _ item: Item, _ valueIndex: Int
  ) throws(PackDataError) -> Int64 {
    let number: Int64
    switch value {
    case .integer(let whole): number = whole
    case .real(let real):
      guard let whole = real.wholeSigned else {
        throw PackDataError(
          valueIndex: valueIndex, problem: "number has no integer representation")
      }
      number = whole
    case .bytes: throw PackDataError(valueIndex: valueIndex, problem: "number expected")
    }
    guard item.byteCount < 8 else { return number }
    let bits = Int64(8 &* item.byteCount)
    if item.kind == .signed {
      let rest = number >> (bits &- 1)
      if rest == 0 || rest == -1 { return number }
      throw PackDataError(valueIndex: valueIndex, problem: "integer overflow")
    }
    if UInt64(bitPattern: number) >> UInt64(bits) == 0 { return number }
    throw PackDataError(valueIndex: valueIndex, problem: "unsigned overflow")
  }

  /// The value as a real number.
  private static func real(
    _ value: PackedValue, _ valueIndex: Int
  ) throws(PackDataError) -> Double {
    switch value {
    case .integer(let number): return Double(number)
    case .real(let number): return number
    case .bytes: throw PackDataError(valueIndex: valueIndex, problem: "number expected")
    }
  }
}
