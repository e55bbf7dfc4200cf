/// How much bytes differ from each other: 0 bits a byte where all are equal, 8 where every value is as
/// frequent as any other, as in compressed or encrypted data.
public enum ByteEntropy {
  /// The entropy of some bytes, in bits a byte.
  public static func bits(_ bytes: some Collection<UInt8>) -> Double {
    var counts = [Int](repeating: 0, count: 256)
    for byte in bytes { counts[Int(byte)] &+= 1 }
    let total = Double(max(bytes.count, 1))
    return counts.reduce(0) { sum, count in
      count == 0 ? sum : sum - Double(count) / total * binaryLogarithm(Double(count) / total)
    }
  }

  /// A character for each part: from `▁` where all bytes are equal to `█` where they look random.
  public static func strip(_ bytes: [UInt8], columns: Int) -> String {
    let parts = max(1, min(columns, bytes.count / 64))
    let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return String(
      (0..<parts).map { part in
        let range = (bytes.count &* part / parts)..<(bytes.count &* (part &+ 1) / parts)
        // A short part cannot have more bits than its number of bytes has.
        let most = min(8, binaryLogarithm(Double(max(range.count, 2))))
        return bars[min(7, Int(bits(bytes[range]) / most * 8))]
      })
  }

  /// log2 of a positive number, digit by digit, to about 2^-24; the standard library has none.
  private static func binaryLogarithm(_ value: Double) -> Double {
    var (result, rest, digit) = (Double(value.exponent), value.significand, 0.5)
    for _ in 0..<24 {
      rest *= rest
      if rest >= 2 {
        rest /= 2
        result += digit
      }
      digit /= 2
    }
    return result
  }
}
