/// Names with letters beyond ASCII, as RFC 3492 writes them, with `_` in the place of its `-`.
enum Punycode {
  /// The name; nil where the bytes are none.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    var letters: [Unicode.Scalar] = []
    var rest = bytes
    if let mark = bytes.lastIndex(of: UInt8(ascii: "_")) {
      letters = bytes[..<mark].map { Unicode.Scalar($0) }
      rest = bytes[(mark + 1)...]
    }
    guard bytes.count <= 512 else { return nil }
    var code = 128
    var place = 0
    var bias = 72
    var isFirst = true
    while !rest.isEmpty {
      guard let step = step(&rest, bias) else { return nil }
      let count = letters.count + 1
      let (sum, overflows) = place.addingReportingOverflow(step)
      if overflows { return nil }
      bias = adapted(step, count, isFirst)
      isFirst = false
      code += sum / count
      place = sum % count
      guard code <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
      letters.insert(scalar, at: place)
      place += 1
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: letters)
    return text
  }

  /// A number of digits whose weights depend on the bias.
  private static func step(_ rest: inout ArraySlice<UInt8>, _ bias: Int) -> Int? {
    var value = 0
    var weight = 1
    var position = 36
    while let byte = rest.popFirst() {
      let digit: Int
      switch byte {
      case 0x61...0x7A: digit = Int(byte) - 0x61
      case 0x41...0x5A: digit = Int(byte) - 0x41
      case 0x30...0x39: digit = Int(byte) - 0x30 + 26
      default: return nil
      }
      value += digit * weight
      if value > 1 << 31 { return nil }
      let threshold = min(max(position - bias, 1), 26)
      if digit < threshold { return value }
      weight *= 36 - threshold
      if weight > 1 << 31 { return nil }
      position += 36
    }
    return nil
  }

  private static func adapted(_ step: Int, _ count: Int, _ isFirst: Bool) -> Int {
    var rest = isFirst ? step / 700 : step / 2
    rest += rest / count
    var bias = 0
    while rest > 455 {
      rest /= 35
      bias += 36
    }
    return bias + 36 * rest / (rest + 38)
  }
}
