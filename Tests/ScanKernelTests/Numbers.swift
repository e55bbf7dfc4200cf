/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }

  /// Bytes as programs have them: zeros, small numbers, reals of both widths, pointers, noise.
  mutating func memory(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let word: UInt64
      switch below(7) {
      case 0: word = 0
      case 1: word = next() % 300
      case 2: word = .max &- next() % 300
      case 3: word = Double(below(41) - 20).bitPattern
      case 4:
        let pair = [
          Float(below(41) - 20), one(of: [.nan, .infinity, -0.0, Float(bitPattern: 9), -2.5]),
        ]
        word = UInt64(pair[0].bitPattern) | UInt64(pair[1].bitPattern) << 32
      case 5: word = one(of: [Double.nan, -.infinity, -0.0, 0.1]).bitPattern
      default: word = next()
      }
      let order = below(4) == 0 ? word.byteSwapped : word
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: order >> UInt64(shift)))
      }
      if below(5) == 0 { bytes.append(0) }  // so that values lie at every alignment
    }
    return Array(bytes.prefix(count))
  }
}
