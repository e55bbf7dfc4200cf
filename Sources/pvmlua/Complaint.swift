@preconcurrency import Glibc

/// A message on standard error.
struct Complaint {
  private let text: [UInt8]
  private let hasName: Bool

  /// "pvmlua: text".
  init(_ text: String) { self.init(bytes: Array(text.utf8)) }

  /// Any bytes; `hasName` puts the program's name before them.
  init(bytes: [UInt8], hasName: Bool = true) {
    text = bytes
    self.hasName = hasName
  }

  /// Writes it as one line or more. A broken stderr changes nothing.
  func write(color: ColorChoice = .auto) {
    let isColored = color.applies(to: STDERR_FILENO)
    var line: [UInt8] = []
    if isColored { line += Array("\u{1b}[31m".utf8) }
    if hasName { line += Array("pvmlua: ".utf8) }
    line += text
    if isColored { line += Array("\u{1b}[0m".utf8) }
    line.append(UInt8(ascii: "\n"))
    fwrite(line, 1, line.count, stderr)
  }
}
