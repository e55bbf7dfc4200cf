public import LuaHost
import MemoryModel

/// Shows values, errors, completions and help to a person at a terminal.
///
/// Everything it makes is text without control characters, but for colours where they are wanted and
/// the ends of lines.
public final class Display {
  /// How many columns the terminal has.
  public var columns: () -> Int = { 80 }
  public var isColored = false
  /// Writes text for the person.
  public var write: ([UInt8]) -> Void = { _ in }
  /// The line of a file with a number from 1, for messages; nil where it cannot be had.
  public var sourceLine: (_ path: String, _ number: Int) -> [UInt8]? = { _, _ in nil }
  /// What completion may offer beside the language and the module.
  public var sources = CompletionSources()
  /// What a script has read last.
  let recent = RecentBytes()
  private(set) lazy var tutorial = Tutorial(self)
  unowned let session: Session
  public unowned let state: LuaState

  public init(_ state: LuaState, _ session: Session) {
    self.state = state
    self.session = session
    session.display = self
    sources.values = { [unowned self] in self.values(for: $0, of: $1, typed: $2) }
  }

  var width: Int { max(10, columns()) }

  /// Lines with their ends, in colours or not.
  func bytes(_ lines: [StyledText]) -> [UInt8] {
    var text = ""
    for line in lines { text += line.text(colors: isColored) + "\n" }
    return Array(text.utf8)
  }

  /// Source in colours; as it stands where there are none.
  public func painted(_ source: [UInt8]) -> [UInt8] {
    guard isColored else { return source }
    let lines = SourcePaint.lines(source).map { $0.text(colors: true) }
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// The target whose addresses are named: the global `game`.
  var target: ProcessHandle? { state.globalObject("game", as: ProcessHandle.self) }
}
