extension JournalEntry {
  /// The line, with its line break.
  public var line: String {
    let words = self.words.joined(separator: " ")
    return words + " #" + Self.checksum(Array(words.utf8)) + "\n"
  }

  private var words: [String] {
    switch self {
    case .run(let run): ["run", Self.version, "\(run.id)", run.boot, run.namespace]
    case .process(let number, let mark):
      [
        "process", "\(number)", "\(mark.id)", "\(mark.startTime)", "\(mark.stackStart)",
        "\(mark.codeStart)", Self.digits(mark.nameBytes),
      ]
    case .place(let number, let place):
      [
        "place", "\(number)", "\(place.process)", "\(place.address)",
        place.isForced ? "forced" : "plain", Self.digits(place.old), Self.digits(place.new),
      ]
    case .back(let number): ["back", "\(number)"]
    case .kept(let number): ["kept", "\(number)"]
    }
  }

  private static let version = "1"

  /// Reads a line without its line break; nil for one that is cut off, changed or of another kind.
  public init?(line: some Collection<UInt8>) {
    guard let mark = line.indices.reversed().first(where: { line[$0] == UInt8(ascii: "#") }),
      mark > line.startIndex
    else { return nil }
    let space = line.index(mark, offsetBy: -1)
    guard line[space] == 0x20 else { return nil }
    let text = Array(line[..<space])
    let checksum = Array(line[line.index(after: mark)...])
    guard checksum.elementsEqual(Self.checksum(text).utf8) else { return nil }
    self.init(words: text.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) })
  }

  private init?(words: [String]) {
    switch (words.first, words.count) {
    case ("run", 5):
      guard words[1] == Self.version, let id = Int32(words[2]) else { return nil }
      self = .run(JournalRun(id: ProcessID(id), boot: words[3], namespace: words[4]))
    case ("process", 6...7):
      guard let number = Int(words[1]), let id = Int32(words[2]),
        let startTime = UInt64(words[3]), let stackStart = UInt64(words[4]),
        let codeStart = UInt64(words[5]), let name = Self.bytes(words.count > 6 ? words[6] : "")
      else { return nil }
      self = .process(
        number: number,
        ProcessMark(
          id: ProcessID(id), startTime: startTime, stackStart: stackStart, codeStart: codeStart,
          nameBytes: name))
    case ("place", 7):
      guard let number = Int(words[1]), let process = Int(words[2]),
        words[3].hasPrefix("0x"), let address = UInt64(words[3].dropFirst(2), radix: 16),
        ["forced", "plain"].contains(words[4]), let old = Self.bytes(words[5]),
        let new = Self.bytes(words[6]), old.count == new.count, !old.isEmpty
      else { return nil }
      self = .place(
        number: number,
        JournalPlace(
          process: process, address: Address(address), isForced: words[4] == "forced", old: old,
          new: new))
    case ("back", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .back(number: number)
    case ("kept", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .kept(number: number)
    default: return nil
    }
  }

  private static func checksum(_ text: [UInt8]) -> String {
    var hash = ByteHash(.xxh64)
    text.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
