extension PackFormat {
  /// What came of unpacking.
  public enum Unpacked: Hashable, Sendable {
    /// Every value, and how many bytes they took.
    case complete([PackedValue], byteCount: Int)
    /// The bytes end too early: at least so many are needed, counted from their start.
    ///
    /// The number is always greater than the bytes given, and never greater than what will be
    /// needed in the end; for `z` it is one byte more than given.
    case needs(Int)
  }

  /// Reads every value from the start of `bytes`; what lies behind them is not looked at.
  ///
  /// Padding is counted from the start of `bytes`, whatever address they came from.
  /// - Throws: `PackDataError` when an integer of more than 8 bytes does not fit 8, or a length is
  ///   beyond any memory.
  public func unpack(_ bytes: UnsafeRawBufferPointer) throws(PackDataError) -> Unpacked {
    var values: [PackedValue] = []
    values.reserveCapacity(valueCount)
    var position = 0
    for (index, item) in items.enumerated() {
      position &+= Self.padding(at: position, for: item)
      guard position &+ item.byteCount <= bytes.count else {
        return .needs(max(bytes.count &+ 1, position &+ leastRest[index]))
      }
      var text: Range<Int>?
      switch try Self.text(of: item, bytes, position, values.count &+ 1) {
      case .none: break
      case .found(let range): text = range
      case .beyond(let end): return .needs(max(bytes.count &+ 1, end &+ leastRest[index &+ 1]))
      }
      if let value = try Self.value(of: item, bytes, position, text, values.count &+ 1) {
        values.append(value)
      }
      position &+= item.byteCount
      if item.kind != .fixedText, let text {
        position = text.upperBound &+ (item.kind == .terminatedText ? 1 : 0)
      }
    }
    return .complete(values, byteCount: position)
  }

  /// Reads every value from the start of an array, as the other `unpack` does.
  public func unpack(_ bytes: [UInt8]) throws(PackDataError) -> Unpacked {
    let result: Result<Unpacked, PackDataError> = bytes.withUnsafeBytes { buffer in
      Result { () throws(PackDataError) in try unpack(buffer) }
    }
    return try result.get()
  }

  /// Where the text of an item lies.
  private enum TextPlace {
    case none
    case found(Range<Int>)
    case beyond(end: Int)
  }

  /// Finds the text of an item at `position`.
  private static func text(
    of item: Item, _ bytes: UnsafeRawBufferPointer, _ position: Int, _ valueIndex: Int
  ) throws(PackDataError) -> TextPlace {
    switch item.kind {
    case .fixedText: return .found(position..<(position &+ item.byteCount))
    case .countedText:
      let count = UInt64(
        bitPattern: try integer(item, bytes, position, isSigned: false, valueIndex))
      let first = position &+ item.byteCount
      guard count <= UInt64(Int.max &- first &- byteLimit) else {
        throw PackDataError(valueIndex: valueIndex, problem: "data string too short")
      }
      let end = first &+ Int(count)
      return end <= bytes.count ? .found(first..<end) : .beyond(end: end)
    case .terminatedText:
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      guard let count = TextEncoding.bytes.terminatorIndex(in: rest) else {
        return .beyond(end: bytes.count &+ 1)
      }
      return .found(position..<(position &+ count))
    default: return .none
    }
  }

  /// The value of an item, or nil for padding.
  private static func value(
    of item: Item, _ bytes: UnsafeRawBufferPointer, _ position: Int, _ text: Range<Int>?,
    _ valueIndex: Int
  ) throws(PackDataError) -> PackedValue? {
    switch item.kind {
    case .padding, .alignment: return nil
    case .signed, .unsigned:
      return .integer(
        try integer(item, bytes, position, isSigned: item.kind == .signed, valueIndex))
    case .single:
      let bits = try integer(item, bytes, position, isSigned: false, valueIndex)
      return .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case .double:
      let bits = try integer(item, bytes, position, isSigned: false, valueIndex)
      return .real(Double(bitPattern: UInt64(bitPattern: bits)))
    case .fixedText, .countedText, .terminatedText:
      return .bytes(text.map { Array(bytes[$0]) } ?? [])
    }
  }

  /// An integer of 1 to 16 bytes. What goes beyond 8 bytes must only repeat the sign.
  private static func integer(
    _ item: Item, _ bytes: UnsafeRawBufferPointer, _ position: Int, isSigned: Bool,
    _ valueIndex: Int
  ) throws(PackDataError) -> Int64 {
    let size = item.byteCount
    func byte(_ weight: Int) -> UInt8 {
      bytes[position &+ (item.byteOrder == .little ? weight : size &- 1 &- weight)]
    }
    var pattern: UInt64 = 0
    for weight in 0..<min(size, 8) { pattern |= UInt64(byte(weight)) << UInt64(8 &* weight) }
    if size < 8 {
      let unused = UInt64(64 &- 8 &* size)
      return isSigned
        ? Int64(bitPattern: pattern << unused) >> Int64(unused) : Int64(bitPattern: pattern)
    }
    let value = Int64(bitPattern: pattern)
    let fill: UInt8 = isSigned && value < 0 ? 0xFF : 0
    for weight in 8..<max(8, size) where byte(weight) != fill {
      throw PackDataError(
        valueIndex: valueIndex, problem: "\(size)-byte integer does not fit into Lua Integer")
    }
    return value
  }
}
