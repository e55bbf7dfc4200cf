import LuaHost
import MemoryModel
import RemoteMemory

/// Reports a trainer at work to other programs: a JSON object a line, as things happen.
final class TrainerReport: TrainerView {
  private struct Told: Equatable {
    var state: Cheat.State
    var value: String?
    var problem: String?
  }

  private let write: (String) -> Void
  private var told: [String: Told] = [:]

  /// - Parameter write: takes a line without its end, and sees that it is out.
  init(_ write: @escaping (String) -> Void) { self.write = write }

  func open(_ trainer: TrainerObject) {
    var cheats = LuaTable()
    cheats.array = trainer.cheats.map { .text($0.name) }
    event(
      "waiting",
      [
        ("trainer", .text(trainer.request.name)),
        ("process", .text(trainer.request.target.label)), ("cheats", .table(cheats)),
      ])
  }

  func close(_ ending: TrainerRun.Ending) { event("end", [("reason", .text(ending.rawValue))]) }

  func tell(_ event: TrainerEvent, _ trainer: TrainerObject, _ cheat: Cheat?) {
    switch event {
    case .attached: self.event("attached", attachment(trainer))
    case .ended(let how):
      told = [:]
      self.event("exited", [("status", how.map { .text($0) } ?? .null)])
    case .trouble(let text): self.event("error", [("message", .text(text))])
    case .failed(let text): self.event("error", [("cheat", name(cheat)), ("message", .text(text))])
    case .done: self.event("done", [("cheat", name(cheat))])
    case .switched, .wanted: break  // told with its state
    }
  }

  private func attachment(_ trainer: TrainerObject) -> [(String, LuaValue)] {
    guard let game = trainer.game?.process else { return [] }
    return [
      ("pid", .integer(Int64(game.id.rawValue))), ("name", .bytes(game.nameBytes)),
      ("version", trainer.versionText.map { .text($0) } ?? .null),
    ]
  }

  private func name(_ cheat: Cheat?) -> LuaValue { cheat.map { .text($0.name) } ?? .null }

  /// Tells what is different from what was told.
  func show(_ trainer: TrainerObject) {
    guard trainer.game != nil else { return }
    for cheat in trainer.cheats {
      let now = Told(state: cheat.state, value: cheat.value, problem: cheat.problem)
      guard told.updateValue(now, forKey: cheat.name) != now else { continue }
      event(
        "cheat",
        [
          ("cheat", .text(cheat.name)), ("state", .text(now.state.rawValue)),
          ("value", now.value.map { .text($0) } ?? .null),
          ("problem", now.problem.map { .text($0) } ?? .null),
        ])
    }
  }

  func keys(waiting seconds: Double, _ session: Session) -> [ScreenKey] {
    Clock.sleep(seconds: seconds, interrupt: session.attachOptions.interrupt)
    return []
  }

  func chosen(of trainer: TrainerObject) -> Cheat? { nil }
  func move(_ key: ScreenKey, _ trainer: TrainerObject) {}
  /// Nobody looks: whoever started it has to know.
  func mayWaitOut(_ error: RemoteMemoryError) -> Bool { false }

  // MARK: JSON

  private func event(_ name: String, _ fields: [(String, LuaValue)]) {
    var line = "{\"event\":\(HitsFormat.quoted(name))"
    for (key, value) in fields {
      if case .null = value { continue }
      line += ",\(HitsFormat.quoted(key)):\(Self.json(value))"
    }
    write(line + "}")
  }

  private static func json(_ value: LuaValue) -> String {
    switch value {
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .bytes(let bytes): HitsFormat.quoted(String(decoding: bytes, as: UTF8.self))
    case .table(let table): "[" + table.array.map(json).joined(separator: ",") + "]"
    default: "null"
    }
  }
}
