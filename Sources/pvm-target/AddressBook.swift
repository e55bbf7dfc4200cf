/// The `key=value` lines that tell a test or a script where everything lies, in the order added.
struct AddressBook {
  private(set) var lines: [String] = []

  mutating func add(_ key: String, _ value: UInt64) {
    lines.append("\(key)=\(hexadecimal(value))")
  }

  mutating func add(_ key: String, _ block: Block) {
    add(key, block.address)
  }

  mutating func add(_ key: String, text: String) {
    lines.append("\(key)=\(text)")
  }

  /// The printed block, ended by the line `ready`.
  var text: String { lines.map { $0 + "\n" }.joined() + "ready\n" }
}

func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
