import LuaHost
import MemoryModel
import RemoteMemory

extension Session {
  /// Whether a trainer was declared that nobody has run or attached.
  public var hasTrainers: Bool { trainers.contains { !$0.isUsed } }

  /// Runs a trainer, on the terminal where there is one.
  /// - Parameter options: nil: those of the command line.
  func run(_ trainer: TrainerObject, _ options: TrainerOptions?, in call: borrowing Call) throws
    -> String
  {
    guard runsTrainers else { return TrainerRun.Ending.stopped.rawValue }
    trainer.isUsed = true
    let options = try options ?? TrainerOptions(commandLine: self, trainer)
    let view: any TrainerView
    if !options.plain, let screen = screen?() {
      view = TrainerMenu(screen)
    } else {
      view = TrainerReport { [weak self] line in self?.report?(line) }
    }
    return try TrainerRun(trainer, options, view, self).run(in: call).rawValue
  }
}

extension TrainerOptions {
  /// The options of `trainer:run`.
  static var parameter: Parameter<TrainerOptions> {
    Parameter<([String], Bool, Bool, Bool)>.options(
      "how to run it; what the command line says when left out",
      Parameter<[String]>(
        "enable", .cheatNames, "names of cheats to switch on when they can be: a text or a list",
        default: [], "{}"),
      Parameter("any_version", .boolean, "go on with a version that is not known", default: false),
      Parameter("once", .boolean, "end with the game, and wait for no other", default: false),
      Parameter("json", .boolean, "report in JSON lines also on a terminal", default: false)
    ).map { enabled, anyVersion, once, plain in
      TrainerOptions(enabled: enabled, anyVersion: anyVersion, once: once, plain: plain)
    }
  }

  /// The options of a command line: `mygame.lua --enable "no damage"`.
  fileprivate init(commandLine session: Session, _ trainer: TrainerObject) throws {
    guard !session.argumentsAreTaken else { return }
    let answers = try session.parse(Self.commandLine(trainer), session.arguments)
    if case .bytes(let names) = answers["enable"] {
      let words = String(decoding: names, as: UTF8.self).split(separator: ",").map {
        $0.trimmingSpaces
      }
      enabled = words == ["all"] ? trainer.cheats.filter(\.request.isSwitch).map(\.name) : words
      // A wrong name is wrong use of the command, told before anything happens.
      for name in enabled where (try? trainer.cheat(named: name)) == nil {
        let text = Spelling.unknown("cheat", name, among: trainer.cheats.map(\.name))
        throw session.wrongUse(text, Self.commandLine(trainer))
      }
    }
    if case .boolean(true) = answers["any_version"] { anyVersion = true }
    if case .boolean(true) = answers["once"] { once = true }
    if case .boolean(true) = answers["json"] { plain = true }
    if case .integer(let id) = answers["pid"] { process = try ProcessID(lua: id) }
  }

  private static func commandLine(_ trainer: TrainerObject) -> ArgumentList {
    let request = trainer.request
    let cheats = trainer.cheats.map { cheat in
      "  \(cheat.key?.text ?? "-")  \(cheat.name)\(cheat.request.about.map { ": \($0)" } ?? "")"
    }
    return ArgumentList(
      about: "\(request.name)\(request.author.map { ", by \($0)" } ?? ""), for "
        + "\(request.target.label)\(request.about.map { "\n\($0)" } ?? "")",
      items: [
        .option("enable", kind: .text, "cheats to switch on, by their names: NAME,NAME or all"),
        .flag("any_version", "go on with a version that the trainer does not know"),
        .flag("once", "end with the game, and wait for no other"),
        .option("pid", kind: .integer, "which process, where several fit"),
        .flag("json", "report in JSON lines also on a terminal"),
      ], epilogue: "Cheats and their keys:\n" + cheats.joined(separator: "\n"))
  }
}

extension StringProtocol {
  /// The text without blanks at its ends.
  fileprivate var trimmingSpaces: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}

extension ArgumentType where Value == [String] {
  /// One name, or a list of them.
  fileprivate static var cheatNames: ArgumentType<[String]> {
    ArgumentType("name or list of names", annotation: "string|string[]") { call, index in
      if call.kind(at: index) == .string {
        return [try ArgumentType<String>.text.read(call, index)]
      }
      return try ArgumentType<[[UInt8]]>.bytesList.read(call, index).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }
}
