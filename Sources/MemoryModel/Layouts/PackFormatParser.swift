/// Reads the options of a `PackFormat` from left to right.
struct PackFormatParser {
  /// One option as it is written, before its alignment is known.
  private enum Option {
    case item(PackFormat.Kind, byteCount: Int)
    case padToNext
    case setting
  }

  /// The greatest size of an integer and of an alignment, in bytes.
  private static let integerLimit = 16
  /// What `!` alone asks for: the greatest alignment of the machine.
  private static let nativeAlignment = 8

  private let bytes: [UInt8]
  private var index = 0
  private var byteOrder = ByteOrder.host
  private var greatestAlignment = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Every option that does something.
  mutating func items() throws(PackFormatError) -> [PackFormat.Item] {
    var items: [PackFormat.Item] = []
    while index < bytes.count {
      let column = index &+ 1
      switch try option() {
      case .setting: continue
      case .padToNext: items.append(try padToNext(column))
      case .item(let kind, let byteCount):
        items.append(
          .init(
            kind: kind, byteCount: byteCount,
            alignment: try alignment(of: kind, byteCount, column), byteOrder: byteOrder,
            column: column))
      }
    }
    return items
  }

  /// `X` and the option behind it, which gives its alignment and nothing else.
  private mutating func padToNext(_ column: Int) throws(PackFormatError) -> PackFormat.Item {
    guard index < bytes.count, case .item(let kind, let byteCount) = try option(),
      kind != .fixedText, byteCount > 0
    else { throw wrong(column, "invalid next option for option 'X'") }
    return .init(
      kind: .alignment, byteCount: 0, alignment: try alignment(of: kind, byteCount, column),
      byteOrder: byteOrder, column: column)
  }

  /// The alignment of an item: its size, but at most what `!` allows.
  private func alignment(
    of kind: PackFormat.Kind, _ byteCount: Int, _ column: Int
  ) throws(PackFormatError) -> Int {
    guard byteCount > 1, kind != .fixedText else { return 1 }
    let alignment = min(byteCount, greatestAlignment)
    guard alignment & (alignment &- 1) == 0 else {
      throw wrong(column, "format asks for alignment not power of 2")
    }
    return alignment
  }

  /// One option and the number behind it.
  private mutating func option() throws(PackFormatError) -> Option {
    let letter = bytes[index]
    index &+= 1
    switch letter {
    case UInt8(ascii: "b"): return .item(.signed, byteCount: 1)
    case UInt8(ascii: "B"): return .item(.unsigned, byteCount: 1)
    case UInt8(ascii: "h"): return .item(.signed, byteCount: 2)
    case UInt8(ascii: "H"): return .item(.unsigned, byteCount: 2)
    case UInt8(ascii: "l"), UInt8(ascii: "j"): return .item(.signed, byteCount: 8)
    case UInt8(ascii: "L"), UInt8(ascii: "J"), UInt8(ascii: "T"):
      return .item(.unsigned, byteCount: 8)
    case UInt8(ascii: "f"): return .item(.single, byteCount: 4)
    case UInt8(ascii: "d"), UInt8(ascii: "n"): return .item(.double, byteCount: 8)
    case UInt8(ascii: "i"): return .item(.signed, byteCount: try integerSize(default: 4))
    case UInt8(ascii: "I"): return .item(.unsigned, byteCount: try integerSize(default: 4))
    case UInt8(ascii: "s"): return .item(.countedText, byteCount: try integerSize(default: 8))
    case UInt8(ascii: "c"): return .item(.fixedText, byteCount: try textSize())
    case UInt8(ascii: "z"): return .item(.terminatedText, byteCount: 0)
    case UInt8(ascii: "x"): return .item(.padding, byteCount: 1)
    case UInt8(ascii: "X"): return .padToNext
    default: return try setting(letter)
    }
  }

  /// An option that only changes how the others are read.
  private mutating func setting(_ letter: UInt8) throws(PackFormatError) -> Option {
    switch letter {
    case UInt8(ascii: " "): break
    case UInt8(ascii: "<"): byteOrder = .little
    case UInt8(ascii: ">"): byteOrder = .big
    case UInt8(ascii: "="): byteOrder = .host
    case UInt8(ascii: "!"): greatestAlignment = try integerSize(default: Self.nativeAlignment)
    default: throw wrong(index, "invalid format option '\(printable([letter]))'")
    }
    return .setting
  }

  /// The size behind `i`, `I`, `s` or `!`, 1 to 16.
  private mutating func integerSize(default size: Int) throws(PackFormatError) -> Int {
    let column = index
    let size = try number() ?? size
    guard size >= 1, size <= Self.integerLimit else {
      throw wrong(column, "integral size (\(size)) out of limits [1,\(Self.integerLimit)]")
    }
    return size
  }

  /// The size behind `c`, which must be there.
  private mutating func textSize() throws(PackFormatError) -> Int {
    let column = index
    guard let size = try number() else { throw wrong(column, "missing size for format option 'c'") }
    return size
  }

  /// A decimal number of at most 2^31 - 1; nil when no digit stands here.
  private mutating func number() throws(PackFormatError) -> Int? {
    let column = index
    var value: Int?
    while index < bytes.count, bytes[index] &- 0x30 < 10 {
      let next = (value ?? 0) &* 10 &+ Int(bytes[index] &- 0x30)
      guard next <= PackFormat.byteLimit else { throw wrong(column, "format result too large") }
      value = next
      index &+= 1
    }
    return value
  }

  private func wrong(_ column: Int, _ problem: String) -> PackFormatError {
    PackFormatError(column: column, problem: problem)
  }
}
