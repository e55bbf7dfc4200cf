import LuaHost
import MemoryModel
import RemoteMemory

/// A trainer as a script holds it: what its file declares, the game it is attached to, and how its
/// cheats stand.
public final class TrainerObject {
  let request: TrainerRequest
  let cheats: [Cheat]
  private(set) var game: ProcessHandle?
  /// What the game's version turned out to be.
  private(set) var version = TrainerVersions.Finding.any
  /// Whether anybody has run or attached it; one that nobody has is run when its script has ended.
  var isUsed = false
  /// Whether it was told to end.
  var isStopping = false

  init(_ request: TrainerRequest) {
    self.request = request
    cheats = zip(request.cheats, request.keys).map { Cheat($0, key: $1) }
  }

  // MARK: The game

  /// Takes a game, if it is a version that is known.
  /// - Parameter anyVersion: take it whatever version it is.
  func attach(_ game: ProcessHandle, anyVersion: Bool, in session: Session) throws {
    let finding = try request.versions.check(game)
    switch finding {
    case .other, .unknown:
      guard anyVersion else {
        throw OtherVersion(
          game: game.source.label, finding: finding, known: request.versions.known)
      }
    case .any, .same: break
    }
    release(session)
    isUsed = true
    self.game = game
    version = finding
    look(in: session)
  }

  /// Reads all values, and looks what can be switched.
  func look(in session: Session) {
    guard let game else { return }
    for cheat in cheats { cheat.look(at: game, in: session) }
  }

  /// Whether the game still runs the same program.
  var gameIsThere: Bool {
    guard let process = game?.process else { return false }
    do throws(RemoteMemoryError) {
      try process.confirm()
      return process.isAlive
    } catch {
      return error.code != "ESRCH" && error.code != "EXEC"
    }
  }

  /// Forgets a game that has ended.
  func release(_ session: Session) {
    for cheat in cheats { cheat.lose(session) }
    game = nil
    version = .any
  }

  // MARK: Cheats

  /// The cheat of a name, in any case of letters.
  func cheat(named name: String) throws -> Cheat {
    if let found = cheats.first(where: { $0.name == name }) { return found }
    let lowered = name.lowercased()
    if let found = cheats.first(where: { $0.name.lowercased() == lowered }) { return found }
    throw ScriptFailure.misuse(Spelling.unknown("cheat", name, among: cheats.map(\.name)))
  }

  func set(_ cheat: Cheat, _ wanted: Bool, in call: borrowing Call) throws {
    guard let game else { throw ScriptFailure.misuse("\(request.target.label) is not attached") }
    try cheat.set(wanted, game, in: call)
    cheat.isWanted = cheat.isOn
  }

  /// Switches all off that are on, and lets the game go.
  /// - Returns: what could not be taken back, a line each.
  func letGo(in call: borrowing Call) -> [String] {
    var problems: [String] = []
    if let game, gameIsThere {
      // The last one first: a function may have built on what came before.
      for cheat in cheats.reversed() where cheat.isOn {
        do { try cheat.set(false, game, in: call) } catch {
          problems.append("\(cheat.name) could not be taken back: \(Cheat.words(error))")
        }
      }
    }
    release(call.session)
    return problems
  }

  /// What the game's version is called, as far as it is known.
  var versionText: String? {
    switch version {
    case .any: nil
    case .same(let version): version.label ?? "a known version"
    case .other, .unknown: "another version"
    }
  }
}
