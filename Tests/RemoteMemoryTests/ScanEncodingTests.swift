import MemoryModel
import Testing

@testable import RemoteMemory

/// Values stored in disguise, bits that count, and reals that are equal more or less.
@Suite struct ScanEncodingTests {
  static let encodings: [StoredEncoding] = [
    StoredEncoding(xor: 0x5a), StoredEncoding(add: 7), StoredEncoding(add: -1),
    StoredEncoding(rotate: 3), StoredEncoding(rotate: -5), StoredEncoding(scale: 4),
    StoredEncoding(xor: 0x33, add: 2, rotate: 1, scale: 2), StoredEncoding(xor: 0x41, rotate: 7),
  ]

  /// The number that a program means by bits it stored, and nil where no number gives these bits.
  static func meant(
    _ word: UInt64, _ encoding: StoredEncoding, _ format: ScalarFormat, _ width: Int
  ) -> Int128? {
    let all = UInt64.max >> UInt64(64 - 8 * width)
    var bits = ScanOracle.bits(word, format, width) ^ (encoding.xor ?? 0)
    let turn = (encoding.rotate ?? 0)
    let count = 8 * width
    for _ in 0..<((turn % count + count) % count) {
      bits = bits >> 1 | (bits & 1) << UInt64(count - 1)
    }
    bits = (bits &- UInt64(bitPattern: encoding.add ?? 0)) & all
    let isSigned = [.i8, .i16, .i32, .i64].contains(format.type)
    let number = isSigned ? ScanOracle.signed(bits, width) : Int128(bits)
    let scale = Int128(encoding.scale ?? 1)
    return number % scale == 0 ? number / scale : nil
  }

  @Test("stored by xor, add, rotate and scale", arguments: encodings)
  func disguised(_ encoding: StoredEncoding) throws {
    for name in ["u8", "i8", "i16be", "u32", "i32be", "i64"] {
      let format = try #require(ScalarFormat(name: name))
      let source = ScanOracleTests.memory(.eight, 21)
      let width = ScanOracle.width(format, source)
      let bits = try encoding.encode(.integer(9), as: format, pointerWidth: .eight)
      let stored = format.byteOrder == .big ? bits.byteSwapped(width: width) : bits
      ScanOracleTests.plant(stored, width, in: source)
      func meant(_ word: UInt64) -> Int128? { Self.meant(word, encoding, format, width) }
      #expect(meant(stored) == 9)
      let comment: Comment = "\(name) \(encoding)"
      for alignment in [nil, 1] {
        let all = ScanOracle.scan(source, format, alignment: alignment) { _ in true }
        func check(
          _ comparison: ValueCondition.Comparison, _ accepts: (Int128?) -> Bool
        ) throws {
          let hits = try source.scan(
            .one(format), ValueCondition(comparison, encoding: encoding), alignment: alignment,
            options: ScanOptions(blockBytes: 64))
          let wanted = all.filter { accepts(meant($0.value)) }
          ScanOracle.expect(
            ScanOracle.found(hits, comment), wanted, "\(comment) \(comparison)")
          for index in 0..<min(hits.count, 20) {
            let hit = try #require(hits.hit(at: index))
            guard let number = meant(wanted[hit.address.rawValue] ?? 0) else { continue }
            let isRight =
              hit.old == .integer(Int64(number)) || hit.old == .real(Double(number))
              || hit.old == .unsigned(UInt64(truncatingIfNeeded: number))
            #expect(isRight, "\(comment): \(String(describing: hit.old)) is \(number)")
          }
          guard case .equal = comparison else { return }
          // A later step decodes by itself.
          let again = try hits.next(ValueCondition(.equal(.integer(9))))
          #expect(again.count == hits.count, comment)
          #expect(try hits.next(ValueCondition(.equal(.integer(10)))).count == 0, comment)
        }
        try check(.equal(.integer(9))) { $0 == 9 }
        try check(.notEqual(.integer(9))) { $0 != 9 }
        try check(.oneOf([.integer(9), .integer(3), .integer(4)])) {
          $0.map { [9, 3, 4].contains($0) } ?? false
        }
        try check(.unknown) { _ in true }
        if encoding.add != nil || encoding.scale != nil { continue }
        try check(.atMost(.integer(9))) { $0! <= 9 }
        try check(.between(.integer(2), .integer(70))) { (2...70).contains($0!) }
      }
    }
  }

  @Test("a step after a step of disguised values")
  func disguisedChanges() throws {
    let encoding = StoredEncoding(xor: 0xdead_beef, rotate: 9)
    let source = BufferSource([(0x1000, [UInt8](repeating: 0, count: 64))])
    func put(_ value: Int64, _ address: UInt64) throws {
      source.plant(
        try encoding.encode(.integer(value), as: ScalarFormat(.i32), pointerWidth: .eight), 4,
        at: address)
    }
    for (index, value) in [10, -20, 30, 40, -1].enumerated() {
      try put(Int64(value), 0x1000 + UInt64(8 * index))
    }
    let all = try source.scan(
      .one(ScalarFormat(.i32)), ValueCondition(.unknown, encoding: encoding))
    try put(13, 0x1000)
    try put(-23, 0x1008)
    try put(30, 0x1010)
    try put(43, 0x1018)
    try put(2, 0x1020)
    #expect(try all.compared(.increased).addresses().map(\.rawValue) == [0x1000, 0x1018, 0x1020])
    #expect(try all.compared(.decreased).addresses().map(\.rawValue) == [0x1008])
    #expect(
      try all.compared(.increasedBy(.integer(3))).addresses().map(\.rawValue)
        == [0x1000, 0x1018, 0x1020])
    #expect(try all.compared(.percent(29, 31)).addresses().map(\.rawValue) == [0x1000])
    let grown = try all.compared(.increased)
    #expect(grown.oldValues() == [.integer(13), .integer(43), .integer(2)])
    #expect(grown.hit(at: 2).flatMap { grown.firstValue(of: $0) } == .integer(-1))
  }

  @Test("only the bits of a mask")
  func masks() throws {
    let source = ScanOracleTests.memory(.eight, 31)
    for (name, mask, value) in [
      ("u8", 0x0f, 1), ("u16be", 0xff00, 0x0100), ("i32", 0x8000_0001, 1), ("u64", 1 << 63, 0),
    ] as [(String, UInt64, Int64)] {
      let format = try #require(ScalarFormat(name: name))
      let width = ScanOracle.width(format, source)
      for alignment in [nil, 1] {
        let hits = try source.scan(
          .one(format), ValueCondition(.equal(.integer(value)), bitMask: mask),
          alignment: alignment, options: ScanOptions(blockBytes: 64))
        let wanted = ScanOracle.scan(source, format, alignment: alignment) { _ in true }
          .filter { ScanOracle.bits($0.value, format, width) & mask == UInt64(value) }
        #expect(!wanted.isEmpty)
        #expect(ScanOracle.found(hits, "\(name) & \(mask)") == wanted)
      }
    }
  }

  /// What counts as equal, with its ends as a reader would write them.
  static let matches:
    [(Double, RealMatch, low: String, includesLow: Bool, high: String, includesHigh: Bool)] = [
      (3.14, .rounded(digits: 2), "3.135", true, "3.145", false),
      (-3.14, .rounded(digits: 2), "-3.145", false, "-3.135", true),
      (3, .rounded(digits: 0), "2.5", true, "3.5", false),
      (100, .rounded(digits: -1), "95", true, "105", false),
      (3, .truncated(digits: 0), "3", true, "4", false),
      (-3, .truncated(digits: 0), "-4", false, "-3", true),
      (0, .truncated(digits: 0), "-1", false, "1", false),
      (3.8, .truncated(digits: 1), "3.8", true, "3.9", false),
      (2.5, .tolerance(0.25), "2.25", true, "2.75", true),
      (0.1, .tolerance(0), "0.1", true, "0.1", true),
      (0.1, .exact, "0.1", true, "0.1", true),
    ]

  @Test(
    "reals that are equal more or less", arguments: matches.indices,
    ["f32", "f64", "f32be", "f64be"])
  func reals(_ index: Int, _ name: String) throws {
    let (value, match, low, includesLow, high, includesHigh) = Self.matches[index]
    let format = try #require(ScalarFormat(name: name))
    let width = format.byteCount(pointerWidth: .eight)
    func ends(_ text: String) -> [Double] {
      if width == 8 {
        let end = Double(text)!
        return [end.nextDown, end, end.nextUp]
      }
      let end = Float(text)!
      return [end.nextDown, end, end.nextUp].map { Double($0) }
    }
    var values = ends(low) + ends(high) + ends("\(value)")
    values += [0, -0.0, .nan, .infinity, -.infinity, -value, value * 10, 1e30]
    var bytes: [UInt8] = []
    for value in values {
      let bits = width == 4 ? UInt64(Float(value).bitPattern) : value.bitPattern
      let part = (0..<width).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
      bytes += format.byteOrder == .big ? part.reversed() : part
    }
    let (least, greatest) = (ends(low)[1], ends(high)[1])
    func isEqual(_ number: ScanOracle.Number) -> Bool {
      guard case .real(let real) = number else { return false }
      return (includesLow ? real >= least : real > least)
        && (includesHigh ? real <= greatest : real < greatest)
    }
    for alignment in [width, 1] {
      let source = BufferSource([(0x1000, bytes)])
      let comment: Comment = "\(name) \(value) \(match) every \(alignment)"
      let equal = try source.scan(
        .one(format), ValueCondition(.equal(.real(value)), realMatch: match),
        alignment: alignment, options: ScanOptions(blockBytes: 64))
      let wanted = ScanOracle.scan(source, format, alignment: alignment, isEqual)
      #expect(!wanted.isEmpty)
      #expect(ScanOracle.found(equal, comment) == wanted, comment)
      let other = try source.scan(
        .one(format), ValueCondition(.notEqual(.real(value)), realMatch: match),
        alignment: alignment)
      #expect(
        ScanOracle.found(other, comment)
          == ScanOracle.scan(source, format, alignment: alignment) { !isEqual($0) }, comment)
      let all = try source.scan(.one(format), ValueCondition(.unknown), alignment: alignment)
      let next = try all.next(ValueCondition(.equal(.real(value)), realMatch: match))
      #expect(ScanOracle.found(next, comment) == wanted, comment)
    }
  }
}
