import LuaHost
import MemoryModel
import RemoteMemory

/// The menu of a trainer on a terminal: a line a cheat, with its key, state and value, and below it why
/// it is not available.
final class TrainerMenu: TrainerView {
  private let screen: any Screen
  private var choice = 0
  /// The first cheat that is shown, where they do not all fit.
  private var top = 0
  /// What happened last.
  private var news = ""
  private var shown: [ScreenLine] = []
  private var shownSize = (columns: 0, rows: 0)
  private var nextRepaint = 0.0

  init(_ screen: any Screen) { self.screen = screen }

  func open(_ trainer: TrainerObject) { screen.open() }
  func close(_ ending: TrainerRun.Ending) { screen.close() }

  func tell(_ event: TrainerEvent, _ trainer: TrainerObject, _ cheat: Cheat?) {
    let name = cheat?.name ?? ""
    switch event {
    case .attached: news = ""
    case .ended(let how): news = "the game \(how ?? "has ended")"
    case .trouble(let text): news = text
    case .failed(let text): news = text.hasPrefix(name) ? text : "\(name): \(text)"
    case .switched(let isOn): news = "\(name) is \(isOn ? "on" : "off")"
    case .wanted(let isOn): news = isOn ? "\(name) will be switched on" : "\(name) stays off"
    case .done: news = "\(name): done"
    }
  }

  func keys(waiting seconds: Double, _ session: Session) -> [ScreenKey] {
    screen.keys(waiting: seconds)
  }

  func chosen(of trainer: TrainerObject) -> Cheat? {
    trainer.cheats.indices.contains(choice) ? trainer.cheats[choice] : nil
  }

  func move(_ key: ScreenKey, _ trainer: TrainerObject) {
    switch key {
    case .up: choice = max(0, choice - 1)
    case .down: choice = min(trainer.cheats.count - 1, choice + 1)
    case .character(let character) where character != " ":
      news = "no cheat has the key '\(character)'"
    default: break
    }
  }

  /// A person sees the words and can end the trainer, or start the game as another user.
  func mayWaitOut(_ error: RemoteMemoryError) -> Bool { true }

  // MARK: Layout

  /// Repaints what has changed, and everything now and then: a script may have printed over it.
  func show(_ trainer: TrainerObject) {
    let size = (columns: max(screen.columns, 1), rows: max(screen.rows, 1))
    let lines = lines(trainer, size.columns, size.rows)
    guard lines != shown || size != shownSize || Clock.now >= nextRepaint else { return }
    (shown, shownSize, nextRepaint) = (lines, size, Clock.now + 1)
    screen.show(lines)
  }

  private func lines(_ trainer: TrainerObject, _ columns: Int, _ rows: Int) -> [ScreenLine] {
    let head = head(trainer, columns)
    let foot = foot(columns)
    let room = rows - head.count - foot.count
    guard room >= 1 else {
      return Array((head.prefix(1) + body(trainer, columns, room: rows - 1)).prefix(rows))
    }
    return head + body(trainer, columns, room: room) + foot
  }

  private func head(_ trainer: TrainerObject, _ columns: Int) -> [ScreenLine] {
    let request = trainer.request
    let title = request.author.map { "\(request.name), by \($0)" } ?? request.name
    var lines = [line(title, .strong, columns)]
    if let about = request.about, columns >= 40 { lines.append(line(about, .faint, columns)) }
    lines.append(line(status(trainer), trainer.game == nil ? .faint : .good, columns))
    return lines + [ScreenLine()]
  }

  private func status(_ trainer: TrainerObject) -> String {
    guard let game = trainer.game else { return "waiting for \(trainer.request.target.label)" }
    let version = trainer.versionText.map { ", \($0)" } ?? ""
    return game.source.label + version
  }

  private func foot(_ columns: Int) -> [ScreenLine] {
    let help = columns >= 60 ? "a key switches; arrows choose, Enter switches; q ends" : "q ends"
    return [line(news, .plain, columns), line(help, .faint, columns)]
  }

  /// The cheats around the chosen one, as many as fit.
  private func body(_ trainer: TrainerObject, _ columns: Int, room: Int) -> [ScreenLine] {
    let entries = trainer.cheats.indices.map { entry(trainer, $0, columns) }
    func height(_ range: Range<Int>) -> Int { entries[range].reduce(0) { $0 + $1.count } }
    top = min(top, choice)
    // Where there is room again, what had to go above comes back.
    while top > 0, height((top - 1)..<entries.count) <= room { top -= 1 }
    while top < choice, height(top..<(choice + 1)) > room { top += 1 }
    var lines: [ScreenLine] = []
    for entry in entries[top...] {
      guard lines.count < room else { break }
      lines += entry.prefix(room - lines.count)
    }
    return lines
  }

  /// One cheat: `> 1 on  No damage    100`, and a line below that says why it is not available.
  private func entry(_ trainer: TrainerObject, _ index: Int, _ columns: Int) -> [ScreenLine] {
    let cheat = trainer.cheats[index]
    let mark = index == choice ? ">" : " "
    let key = padded(cheat.key?.text ?? "", to: 3)
    let (word, style) = stateText(cheat, isAttached: trainer.game != nil)
    let value = cheat.value.map { cut($0, to: max(columns / 3, 6)) } ?? ""
    let room = columns - 2 - 3 - 4 - (value.isEmpty ? 0 : displayWidth(of: value) + 1)
    let name = padded(cut(cheat.name, to: room), to: min(room, 40))
    var line = ScreenLine(
      .init(text: mark + " ", style: .strong), .init(text: key, style: .strong),
      .init(text: padded(word, to: 4), style: style),
      .init(text: name, style: cheat.state == .unavailable ? .faint : .plain))
    if !value.isEmpty { line.parts.append(.init(text: " " + value, style: .strong)) }
    let below = [cheat.problem, index == choice ? cheat.request.about : nil].compactMap { $0 }
    return [line]
      + below.map {
        ScreenLine(.init(text: cut("     " + oneLine($0), to: columns), style: .faint))
      }
  }

  private func stateText(_ cheat: Cheat, isAttached: Bool) -> (String, ScreenLine.Style) {
    guard isAttached else { return (cheat.isWanted ? "on" : "-", .faint) }
    return switch cheat.state {
    case .on: (cheat.problem == nil ? "on" : "on!", cheat.problem == nil ? .good : .bad)
    case .off: ("off", .plain)
    case .unavailable: ("n/a", .bad)
    case .ready, .shown: ("", .plain)
    }
  }

  // MARK: Text

  private func line(_ text: String, _ style: ScreenLine.Style, _ columns: Int) -> ScreenLine {
    ScreenLine(.init(text: cut(oneLine(text), to: columns), style: style))
  }

  private func oneLine(_ text: String) -> String {
    printable(Array(text.split(whereSeparator: \.isNewline).joined(separator: "; ").utf8))
  }

  /// Text of at most so many columns; where something is left out it says so.
  private func cut(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    guard displayWidth(of: text) > columns else { return text }
    var kept = ""
    var width = 0
    for character in text {
      let next = width + displayWidth(of: String(character))
      if next > columns - 1 { break }
      kept.append(character)
      width = next
    }
    return kept + "~"
  }

  private func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - displayWidth(of: text)))
  }
}
