import Glibc
import Testing

/// A long session, replayed from what it looked like. Addresses and numbers of processes are masked.
@Suite("a session from a transcript")
struct TranscriptTests {
  private static let columns = 100
  private static let file = "Tests/CommandTests/Transcripts/session.txt"

  /// The folder of the project: PVMLUA_PROJECT says where, else this file lies in it.
  private static var path: String {
    let project =
      getenv("PVMLUA_PROJECT").map { String(cString: $0) }
      ?? #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    return project + "/" + file
  }

  @Test("shows what it showed", .onScreen)
  func replay() throws {
    let golden = try text(of: Self.path)
    let editing = try Editing(["-q"], size: (Self.columns, 50))
    for line in golden.split(separator: "\n") {
      guard let entry = Self.entry(line) else { continue }
      try editing.enter(entry)
    }
    let shown = mask(try Screen(editing.terminal.output, columns: Self.columns, rows: 50).rows)
    // The last row is the sign that waits for more.
    let text = shown.dropLast().joined(separator: "\n") + "\n"
    if getenv("PVMLUA_UPDATE") != nil { return try write(text, to: Self.path) }
    #expect(text == golden)
  }

  /// What was typed on a row: all behind the sign; the prompt adds blanks to further lines by itself.
  private static func entry(_ row: Substring) -> String? {
    if row.hasPrefix(">> ") || row.drop(while: { $0 == " " }).hasPrefix(">> ") {
      return String(row.drop { $0 == " " }.dropFirst(3).drop { $0 == " " })
    }
    guard row.hasPrefix("pvm"), let end = row.firstIndex(of: ">"),
      row[..<end].allSatisfy({ !$0.isWhitespace }) || row.hasPrefix("pvm ")
    else { return nil }
    return String(row[row.index(after: end)...].dropFirst())
  }

  // MARK: Masks

  private func mask(_ rows: [String]) -> [String] {
    rows.map { row in mask(mask(maskAddresses(row), behind: "pvm-target:"), behind: "process ") }
  }

  /// `0x` with eight digits or more becomes 0x########, of the same width.
  private func maskAddresses(_ row: String) -> String {
    var out = ""
    var rest = row[...]
    while let start = rest.firstRange(of: "0x") {
      let digits = rest[start.upperBound...].prefix { $0.isHexDigit }
      out += rest[..<start.lowerBound]
      out += digits.count >= 8 ? "0x" + String(repeating: "#", count: digits.count) : "0x" + digits
      rest = rest[digits.endIndex...]
    }
    return out + rest
  }

  /// The number of a process behind a text.
  private func mask(_ row: String, behind text: String) -> String {
    guard let start = row.firstRange(of: text) else { return row }
    let digits = row[start.upperBound...].prefix { $0.isNumber }
    let rest = mask(String(row[digits.endIndex...]), behind: text)
    return String(row[..<start.upperBound]) + (digits.isEmpty ? "" : "PID") + rest
  }

  // MARK: Files

  private func text(of path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SupportFailure("cannot read \(path)") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw SupportFailure("cannot write \(path)") }
    defer { fclose(file) }
    fputs(text, file)
  }
}
