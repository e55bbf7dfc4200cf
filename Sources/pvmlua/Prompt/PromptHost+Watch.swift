import CReadline
@preconcurrency import Glibc
import LuaHost

extension PromptHost {
  /// How often a value is looked at.
  private static let milliseconds: Int32 = 200

  /// Shows what a function answers, in the same place, until a key is pressed. Without a screen a text
  /// is shown when it has changed; where nobody can press a key it is shown once.
  func watch(_ function: KeptFunction, _ call: borrowing Call) throws {
    pvm_keys_begin()
    defer { pvm_keys_end() }
    var shown: [UInt8] = []
    var rows = 0
    repeat {
      let text = try function(in: call, results: 1) { call in try call.bytes(at: -1) }
      if hasScreen {
        rows = replace(rows, with: text)
      } else if text != shown {
        StandardStreams.write(text)
      }
      shown = text
      fflush(stdout)
    } while isatty(STDIN_FILENO) == 1 && !isKeyPressed && !LuaState.isInterrupted
  }

  private var isKeyPressed: Bool {
    guard pvm_await_input(Self.milliseconds) == PVM_INPUT_IS_THERE else { return false }
    var isCut = false
    _ = pvm_read_byte(&isCut)
    return true
  }

  /// Writes a text over the rows of the last one, each cut at the edge of the terminal; answers how
  /// many it took.
  private func replace(_ rows: Int, with text: [UInt8]) -> Int {
    let height = size.rows
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    lines = Array(lines.prefix(max(1, height - 1)))
    var output = rows > 0 ? Array("\u{1b}[\(rows)A".utf8) : []
    // Lines that are too long are not to wrap, or the rows could not be counted.
    output += Array("\r\u{1b}[J\u{1b}[?7l".utf8)
    for line in lines { output += line + Array("\u{1b}[0m\n".utf8) }
    output += Array("\u{1b}[?7h".utf8)
    StandardStreams.write(output)
    return lines.count
  }
}
