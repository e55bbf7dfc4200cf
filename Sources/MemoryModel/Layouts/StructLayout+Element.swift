extension StructLayout {
  /// Some bits of a number.
  public struct BitField: Hashable, Sendable {
    /// The number they are part of: its sign is theirs, and `bool` gives a truth value.
    public let format: ScalarFormat
    /// The first bit, counted from the least significant one of the byte at the field's offset; nil
    /// for behind the bits before.
    ///
    /// Where the high byte comes first, bits are counted from the most significant one, as C does.
    public let first: Int?
    /// How many there are, 1 to 64.
    public let count: Int

    /// These bits of a number.
    public init(format: ScalarFormat, first: Int? = nil, count: Int) {
      self.format = format
      self.first = first
      self.count = count
    }

    /// How many bytes hold them, from the one with the first.
    var byteCount: Int { ((first ?? 0) &+ count &+ 7) / 8 }
  }
}

extension StructLayout.Element {
  /// The size in bytes in a target with pointers of this width.
  public func byteCount(_ pointerWidth: PointerWidth) -> Int {
    switch self {
    case .scalar(let format): return format.byteCount(pointerWidth: pointerWidth)
    case .bytes(let count), .text(_, let count): return count
    case .nested(let layout): return layout.byteCount(pointerWidth: pointerWidth)
    case .pointer: return pointerWidth.bytes
    case .bits(let bits): return bits.byteCount
    case .array(let element, let count, _):
      guard count > 0 else { return 0 }
      return stride(pointerWidth) &* (count &- 1) &+ element.byteCount(pointerWidth)
    }
  }

  /// The bytes from one element of an array to the next; of anything else its size.
  public func stride(_ pointerWidth: PointerWidth) -> Int {
    guard case .array(let element, _, let stride) = self else { return byteCount(pointerWidth) }
    if let stride { return stride }
    let alignment = element.alignment(pointerWidth)
    return (element.byteCount(pointerWidth) &+ alignment &- 1) & ~(alignment &- 1)
  }

  /// The alignment in bytes.
  func alignment(_ pointerWidth: PointerWidth) -> Int {
    switch self {
    case .scalar(let format): format.alignment(pointerWidth: pointerWidth)
    case .bytes, .bits: 1
    case .text(let encoding, _): encoding.unitBytes
    case .nested(let layout): layout.shape(pointerWidth).alignment
    case .pointer: pointerWidth.bytes
    case .array(let element, _, _): element.alignment(pointerWidth)
    }
  }

  /// The sum of the sizes of all values in it, which is more than its size where they overlap.
  func contentByteCount(_ pointerWidth: PointerWidth) -> Int {
    switch self {
    case .nested(let layout): layout.shape(pointerWidth).contentByteCount
    case .array(let element, let count, _): element.contentByteCount(pointerWidth) &* count
    default: byteCount(pointerWidth)
    }
  }
}

extension StructLayout.Element: CustomStringConvertible {
  /// As a person writes it: `f32[3]`, `utf8[32]`, `struct entity *`, `u32 bits 3-5`.
  public var description: String {
    switch self {
    case .scalar(let format): format.name
    case .text(let encoding, let count): "\(encoding.rawValue)[\(count)]"
    case .bytes(let count): "bytes[\(count)]"
    case .nested: "struct"
    case .pointer(let name): name + " *"
    case .bits(let bits): "\(bits.format):\(bits.count)"
    case .array: arrayDescription
    }
  }

  /// The counts of an array of arrays stand in the order of C.
  private var arrayDescription: String {
    var counts = ""
    var element = self
    while case .array(let inner, let count, _) = element {
      counts += "[\(count)]"
      element = inner
    }
    return element.description + counts
  }
}
