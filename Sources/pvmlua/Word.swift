/// One word of the command line, as the kernel passed it: any bytes but zero.
struct Word: Equatable, Sendable {
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }

  /// The word as text; bytes that are no UTF-8 are replaced, so this is for names and messages only.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The word without its first bytes.
  func dropping(_ count: Int) -> Word { Word(bytes: Array(bytes.dropFirst(count))) }

  var startsWithDash: Bool { bytes.first == UInt8(ascii: "-") }
}

extension CommandLine {
  /// All words, the program's name first. `CommandLine.arguments` would change bytes that are no UTF-8.
  static var words: [Word] {
    (0..<Int(argc)).compactMap { index in
      unsafeArgv[index].map { Word(bytes: Array(bytes: $0)) }
    }
  }
}

extension Array where Element == UInt8 {
  /// The bytes of a C string, without its zero.
  init(bytes text: UnsafePointer<CChar>) {
    var count = 0
    while text[count] != 0 { count += 1 }
    self.init(UnsafeRawBufferPointer(start: text, count: count))
  }
}
