import MemoryModel

/// What the assembler said on its standard error.
struct AssemblerReport {
  /// The errors, in the order of lines.
  private(set) var errors: [AssemblyError] = []

  private static let mostErrors = 3

  /// Reads lines as `{standard input}:3: Error: no such instruction: ...`.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      if let error = Self.error(line) { errors.append(error) }
    }
  }

  /// All of them as one; nil for none.
  var error: AssemblyError? {
    guard let first = errors.first else { return nil }
    if errors.count == 1 { return first }
    let shown = errors.prefix(Self.mostErrors).map(\.description)
    let rest = errors.count - shown.count
    return AssemblyError((shown + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "; "))
  }

  private static func error(_ line: Substring) -> AssemblyError? {
    let name = "{standard input}:"
    let rest = line.hasPrefix(name) ? line.dropFirst(name.count) : line
    let number = Int(rest.prefix { $0 != ":" })
    let said = number == nil ? rest : rest.drop { $0 != ":" }.dropFirst()
    // A warning counts, since its meaning is that bytes are not what the text says.
    for kind in ["Error: ", "Warning: ", "Fatal error: "] {
      let words = said.drop { $0 == " " }
      guard words.hasPrefix(kind), !words.hasSuffix("treating warnings as errors") else {
        continue
      }
      let problem = words.dropFirst(kind.count).map { $0 == "`" ? "'" : $0 }
      return AssemblyError(String(problem), line: number)
    }
    return nil
  }
}
