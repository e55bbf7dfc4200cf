extension JournalEntry {
  /// The line, with its line break.
  public var line: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the line, with its line break.
  public func append(to text: inout [UInt8]) {
    let start = text.count
    switch self {
    case .run(let run):
      text.append(words: "run", Self.version, "\(run.id)", run.boot, run.namespace)
    case .process(let number, let mark):
      text.append(
        words: "process", "\(number)", "\(mark.id)", "\(mark.startTime)", "\(mark.stackStart)",
        "\(mark.codeStart)")
      text.append(digitsOf: mark.nameBytes)
    case .place(let number, let place):
      text.append(
        words: "place", "\(number)", "\(place.process)", "\(place.address)",
        place.isForced ? "forced" : "plain")
      text.append(digitsOf: place.old)
      text.append(0x20)
      text.append(digitsOf: place.new)
      text.append(0x20)
    case .back(let number): text.append(words: "back", "\(number)")
    case .kept(let number): text.append(words: "kept", "\(number)")
    }
    if text.last != 0x20 { text.append(0x20) }
    let checksum = Self.checksum(text[start..<(text.count - 1)])
    text.append(UInt8(ascii: "#"))
    text.append(contentsOf: checksum.utf8)
    text.append(0x0A)
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
    guard checksum.elementsEqual(Self.checksum(text[...]).utf8) else { return nil }
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

  private static func checksum(_ text: ArraySlice<UInt8>) -> String {
    var hash = ByteHash(.xxh64)
    text.withUnsafeBytes { hash.update($0) }
    return hash.finish()
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

extension [UInt8] {
  /// Appends words, each with a space behind it.
  fileprivate mutating func append(words: String...) {
    for word in words {
      append(contentsOf: word.utf8)
      append(0x20)
    }
  }

  /// Appends two hexadecimal digits for each byte.
  fileprivate mutating func append(digitsOf bytes: [UInt8]) {
    for byte in bytes {
      append(hexadecimalDigits[Int(byte >> 4)])
      append(hexadecimalDigits[Int(byte & 15)])
    }
  }
}

private let hexadecimalDigits = Array("0123456789abcdef".utf8)
