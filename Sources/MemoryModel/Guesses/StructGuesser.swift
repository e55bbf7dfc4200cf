/// Guesses the fields of a struct from the bytes of one or several of its kind.
///
/// At each place every type that could stand there gives points for each struct, and the one with the
/// most on average is taken. Zeros speak for nothing: they are null, 0 and 0.0.
public struct StructGuesser {
  private let structs: [[UInt8]]
  private let pointers: [[Int: PointerFacts]]
  private let pointerWidth: PointerWidth
  private let byteOrder: ByteOrder
  private let byteCount: Int

  /// - Parameters:
  ///   - structs: the bytes of each, all equally many.
  ///   - pointers: for each, what lies where its words point, by offset; words that point nowhere
  ///     are absent.
  ///   - pointerWidth: the target's.
  ///   - byteOrder: the target's.
  public init(
    _ structs: [[UInt8]], pointers: [[Int: PointerFacts]], pointerWidth: PointerWidth,
    byteOrder: ByteOrder
  ) {
    self.structs = structs
    self.pointers = pointers
    self.pointerWidth = pointerWidth
    self.byteOrder = byteOrder
    byteCount = structs.map(\.count).min() ?? 0
  }

  /// A type that a place could have, and how much speaks for it.
  private struct Candidate {
    let kind: FieldGuess.Kind
    let element: StructLayout.Element
    let points: Double
  }

  /// The fields, one behind the other.
  public func fields() -> [FieldGuess] {
    var fields: [FieldGuess] = []
    var offset = 0
    while offset < byteCount {
      let best = candidates(at: offset).max { $0.points < $1.points } ?? rest(at: offset)
      fields.append(field(best, at: offset))
      offset += max(1, best.element.byteCount(pointerWidth))
    }
    return fields
  }

  /// The layout of some fields, as `pvm.struct` would make it.
  public static func layout(
    of fields: [FieldGuess], byteCount: Int
  ) throws(StructLayoutError) -> StructLayout {
    try StructLayout(
      fields: fields.map {
        .init(key: .name($0.name), offset: $0.offset, element: $0.element)
      }, byteCount: byteCount)
  }

  private func field(_ candidate: Candidate, at offset: Int) -> FieldGuess {
    let count = candidate.element.byteCount(pointerWidth)
    let values = structs.map { bytes in
      bytes[offset..<(offset + count)].withUnsafeBytes {
        candidate.element.decode($0, pointerWidth: pointerWidth, targetOrder: byteOrder)
          ?? .record([])
      }
    }
    return FieldGuess(
      offset: offset, byteCount: count, element: candidate.element, kind: candidate.kind,
      confidence: (candidate.points * 100).rounded() / 100,
      note: pointers.lazy.compactMap { $0[offset]?.note }.first ?? "", values: values)
  }

  private func candidates(at offset: Int) -> [Candidate] {
    var list: [Candidate] = []
    if offset % pointerWidth.bytes == 0 { list += pointer(at: offset) }
    list += text(at: offset)
    if offset % 8 == 0 { list += scalar(.f64, at: offset) + scalar(.i64, at: offset) }
    if offset % 4 == 0 { list += scalar(.f32, at: offset) + scalar(.i32, at: offset) }
    if offset % 2 == 0 { list += scalar(.u16, at: offset) }
    return list + scalar(.u8, at: offset)
  }

  /// What is left at the end.
  private func rest(at offset: Int) -> Candidate {
    Candidate(kind: .unknown, element: .scalar(ScalarFormat(.u8)), points: 0.1)
  }

  // MARK: Pointers and text

  private func pointer(at offset: Int) -> [Candidate] {
    guard offset + pointerWidth.bytes <= byteCount else { return [] }
    let facts = pointers.map { $0[offset] }
    let kinds = facts.compactMap { $0?.kind }
    guard let kind = Self.commonest(kinds) else { return [] }
    let points = zip(structs, facts).map { bytes, fact in
      if let fact { return fact.kind == kind ? surety(of: fact) : surety(of: fact) - 0.1 }
      return bytes[offset..<(offset + pointerWidth.bytes)].allSatisfy { $0 == 0 } ? 0.75 : 0
    }
    return [
      Candidate(kind: kind, element: .scalar(ScalarFormat(.ptr)), points: Self.mean(points))
    ]
  }

  /// Few numbers of 64 bits are an address of something by chance; of 32 bits many are.
  private func surety(of fact: PointerFacts) -> Double {
    let base = pointerWidth == .eight ? 0.92 : 0.75
    switch fact.kind {
    case .vtable: return base + 0.06
    case .textPointer, .code: return base + 0.04
    default: return base
    }
  }

  private static func commonest(_ kinds: [FieldGuess.Kind]) -> FieldGuess.Kind? {
    let counts = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }

  /// Text of one or two bytes a character, with the zeros behind it up to the next word.
  private func text(at offset: Int) -> [Candidate] {
    guard offset % 4 == 0 else { return [] }
    return [(TextEncoding.utf8, 1), (.utf16le, 2)].compactMap { encoding, unit in
      let lengths = structs.map { Self.textLength($0, offset, unit, limit: byteCount) }
      guard let longest = lengths.max(), longest >= 4 else { return nil }
      var size = min((longest + 1) * unit, byteCount - offset)
      while (offset + size) % 8 != 0, offset + size < byteCount,
        structs.allSatisfy({ $0[offset + size] == 0 })
      { size += 1 }
      let points = zip(structs, lengths).map { bytes, length in
        length >= 4
          ? min(0.95, 0.55 + 0.05 * Double(length))
          : bytes[offset..<(offset + size)].allSatisfy { $0 == 0 } ? 0.6 : 0.2 * Double(length)
      }
      return Candidate(
        kind: .text, element: .text(encoding, byteCount: size), points: Self.mean(points))
    }
  }

  /// How many printable characters stand at a place; 0 unless a zero ends them.
  private static func textLength(_ bytes: [UInt8], _ offset: Int, _ unit: Int, limit: Int) -> Int {
    var count = 0
    var place = offset
    while place + unit <= limit {
      if unit == 2, bytes[place + 1] != 0 { return 0 }
      let byte = bytes[place]
      if byte == 0 { return count }
      let isPrintable =
        (0x20..<0x7F).contains(byte) || byte == 0x09 || byte == 0x0A || (unit == 2 && byte >= 0xA0)
      guard
        isPrintable || (unit == 1 && byte >= 0xC2 && byte <= 0xF4)
          || (unit == 1 && count > 0 && byte >= 0x80 && byte < 0xC0)
      else { return 0 }
      count += 1
      place += unit
    }
    return 0
  }

  // MARK: Numbers

  private func scalar(_ type: ScalarType, at offset: Int) -> [Candidate] {
    let size = type.byteCount(pointerWidth: pointerWidth)
    guard offset + size <= byteCount else { return [] }
    let format = ScalarFormat(type)
    let values = structs.map {
      format.decode($0, at: offset, pointerWidth: pointerWidth, targetOrder: byteOrder)
        ?? .integer(0)
    }
    let areZero = values.allSatisfy { $0 == .integer(0) || $0 == .real(0) }
    if areZero {
      guard type == .i32 || (type == .u8 && offset % 4 != 0) else { return [] }
      return [Candidate(kind: .zero, element: .scalar(format), points: 0.3)]
    }
    let points = structs.indices.map { index in
      type == .u16 || type == .u8
        ? Self.points(ofPart: type, at: offset, of: structs[index])
        : Self.points(of: values[index], type)
    }
    guard points.allSatisfy({ $0 > 0 }) else {
      guard type == .i32 || type == .u8 else { return [] }
      // What is nothing else stays one word.
      let word = ScalarFormat(type == .i32 ? .u32 : .u8)
      return [
        Candidate(
          kind: .unknown, element: .scalar(word), points: type == .i32 ? 0.32 : 0.1)
      ]
    }
    let kind: FieldGuess.Kind = type == .f32 || type == .f64 ? .real : .integer
    return [Candidate(kind: kind, element: .scalar(format), points: Self.mean(points))]
  }

  /// How much a word looks as if it were two small numbers side by side, or a half of one.
  private static func points(ofPart type: ScalarType, at offset: Int, of bytes: [UInt8]) -> Double {
    let size = type == .u16 ? 4 : 2
    let start = offset / size * size
    guard start + size <= bytes.count else { return 0.2 }
    let part = size / 2
    let limit = type == .u16 ? 4096 : 16
    let halves = [0, part].map { half in
      (0..<part).reduce(0) { $0 | Int(bytes[start + half + $1]) << (8 * $1) }
    }
    guard halves.allSatisfy({ $0 < limit }) else { return type == .u8 || offset != start ? 0.2 : 0 }
    if halves == [0, 0] { return 0.4 }
    return halves[1] > 0 ? (type == .u16 ? 0.62 : 0.64) : 0.3
  }

  /// How much a value looks like one that a program keeps in such a type; 0: it does not.
  private static func points(of value: ScalarValue, _ type: ScalarType) -> Double {
    switch (value, type) {
    case (.real(let real), .f32), (.real(let real), .f64): return points(of: real, type)
    case (.integer(let number), .i32):
      switch number.magnitude {
      case 0: return 0.5
      case ..<4096: return 0.8
      case ..<65_536: return 0.7
      case ..<1_000_000: return 0.6
      case ..<16_777_216: return 0.35
      default: return 0
      }
    case (.integer(let number), .i64):
      let isWide = number > Int64(UInt32.max) || number < Int64(Int32.min)
      return isWide && number.magnitude < 1 << 44 ? 0.45 : 0
    default: return 0
    }
  }

  /// Numbers that people write, and those of moderate size.
  private static func points(of real: Double, _ type: ScalarType) -> Double {
    let size = real.magnitude
    if size == 0 { return 0.5 }
    guard real.isFinite, size >= 1e-5, size < 1e9 else { return 0 }
    let scaled = size * 1024
    let isRound = scaled == scaled.rounded() && size < 1e6
    if isRound { return type == .f64 ? 0.9 : 0.88 }
    return size >= 1e-3 && size < 1e6 ? 0.75 : 0.45
  }

  private static func mean(_ points: [Double]) -> Double {
    points.isEmpty ? 0 : points.reduce(0, +) / Double(points.count)
  }
}
