public import MemoryModel

/// What structs of an unknown kind seem to hold.
public struct StructGuess: Sendable {
  /// Where the structs lie.
  public let addresses: [Address]
  /// How many bytes were looked at.
  public let byteCount: Int
  /// The fields, one behind the other.
  public let fields: [FieldGuess]
}

extension MemorySource {
  /// Guesses what the fields of a struct are, from one or several of its kind.
  ///
  /// Takes a gather for the structs, and one for what their words point at.
  /// - Parameters:
  ///   - addresses: the first bytes of the structs.
  ///   - byteCount: how many bytes to look at.
  /// - Throws: `EFAULT` when one of them cannot be read whole.
  public func guessStruct(
    at addresses: [Address], byteCount: Int
  ) throws(RemoteMemoryError) -> StructGuess {
    var structs: [[UInt8]] = []
    for outcome in try readMany(at: addresses, byteCount: byteCount) {
      structs.append(try outcome.get())
    }
    let pointers = try PointeeSurvey(structs, in: self).facts(self)
    let guesser = StructGuesser(
      structs, pointers: pointers, pointerWidth: pointerWidth, byteOrder: byteOrder)
    return StructGuess(addresses: addresses, byteCount: byteCount, fields: guesser.fields())
  }
}

/// What lies where the words of some structs point.
private struct PointeeSurvey {
  private struct Word {
    let index: Int
    let offset: Int
    let target: Address
    let region: Region
  }

  private static let sampleByteCount = 64
  private let structCount: Int
  private let map: RegionMap
  private var words: [Word] = []

  /// The words that point into something that can be read.
  init(_ structs: [[UInt8]], in source: any MemorySource) throws(RemoteMemoryError) {
    structCount = structs.count
    map = try source.regionMap()
    let width = source.pointerWidth
    for (index, bytes) in structs.enumerated() {
      for offset in stride(from: 0, through: bytes.count - width.bytes, by: width.bytes) {
        let value = ScalarFormat(.ptr).decode(
          bytes, at: offset, pointerWidth: width, targetOrder: source.byteOrder)
        guard case .unsigned(let word)? = value, word >= 4096 else { continue }
        let target = Address(word)
        guard let region = map.region(containing: target), region.permissions.contains(.read) else {
          continue
        }
        words.append(Word(index: index, offset: offset, target: target, region: region))
      }
    }
  }

  /// What is known of each target, for each struct by offset.
  func facts(_ source: any MemorySource) throws(RemoteMemoryError) -> [[Int: PointerFacts]] {
    var facts: [[Int: PointerFacts]] = Array(repeating: [:], count: structCount)
    let samples = try self.samples(source)
    let names = try PlaceNames(of: source)
    for (word, sample) in zip(words, samples) {
      let name = names.name(of: word.target) ?? "\(word.target)"
      facts[word.index][word.offset] = fact(word, sample, name, source)
    }
    return facts
  }

  /// The first bytes of each target, as far as its region goes.
  private func samples(_ source: any MemorySource) throws(RemoteMemoryError) -> [[UInt8]] {
    let items = words.map { word in
      let room = word.region.range.end.rawValue &- word.target.rawValue
      return ScatterItem(
        address: word.target, element: .bytes(count: Int(min(room, UInt64(Self.sampleByteCount)))))
    }
    let result = try ScatterPlan(items, for: source).read(from: source)
    return items.indices.map { index in
      if case .bytes(let bytes) = result.outcome(at: index) { bytes } else { [] }
    }
  }

  private func fact(
    _ word: Word, _ sample: [UInt8], _ name: String, _ source: any MemorySource
  ) -> PointerFacts {
    if word.region.permissions.contains(.execute) { return PointerFacts(.code, name) }
    if pointsAtCode(sample, source), !word.region.permissions.contains(.write) {
      return PointerFacts(.vtable, name)
    }
    if let text = Self.text(sample) { return PointerFacts(.textPointer, "\"\(text)\"") }
    return PointerFacts(.pointer, name)
  }

  /// Whether the first word of a target is the address of code.
  private func pointsAtCode(_ sample: [UInt8], _ source: any MemorySource) -> Bool {
    let value = ScalarFormat(.ptr).decode(
      sample, pointerWidth: source.pointerWidth, targetOrder: source.byteOrder)
    guard case .unsigned(let word)? = value, word >= 4096 else { return false }
    return map.region(containing: Address(word))?.permissions.contains(.execute) ?? false
  }

  /// The text a sample begins with, if it is one of 4 characters or more.
  private static func text(_ sample: [UInt8]) -> String? {
    let bytes = sample.prefix { $0 != 0 }
    guard bytes.count >= 4, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
      bytes.count < sample.count || sample.count == sampleByteCount
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    // A character may be cut at the end of the sample, and nowhere else.
    guard !text.dropLast().contains("\u{FFFD}"), text.last != "\u{FFFD}" || bytes.count > 60 else {
      return nil
    }
    return text.count <= 32 ? text : text.prefix(29) + "..."
  }
}
