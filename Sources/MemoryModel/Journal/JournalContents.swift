/// What a journal says.
public struct JournalContents: Sendable {
  /// Who wrote it.
  public let run: JournalRun
  /// The processes that were changed, by number.
  public private(set) var processes: [Int: ProcessMark] = [:]
  /// The places that are not known to hold their old bytes again, in the order of their changes.
  public private(set) var open: [(number: Int, place: JournalPlace)] = []
  /// The numbers of those that were to stay changed.
  public private(set) var kept: Set<Int> = []

  /// Reads a journal up to the first line that is cut off or damaged: what such a line announces has
  /// not been done.
  /// - Returns: nil for what is no journal.
  public init?(_ text: [UInt8]) {
    var entries = text.split(separator: 0x0A).lazy.map { JournalEntry(line: $0) }.makeIterator()
    guard case .run(let run)?? = entries.next() else { return nil }
    self.run = run
    var back: Set<Int> = []
    while case let entry?? = entries.next() {
      switch entry {
      case .run: break
      case .process(let number, let mark): processes[number] = mark
      case .place(let number, let place): open.append((number, place))
      case .back(let number): back.insert(number)
      case .kept(let number): kept.insert(number)
      }
    }
    open.removeAll { back.contains($0.number) }
  }
}
