import LuaHost
import MemoryModel
import RemoteMemory

/// What a trainer's file says, held against a running game, its file on disk, or its core. Nothing is
/// written and no function of the file is called.
struct TrainerLint {
  /// How one thing does.
  enum Outcome: String {
    case ok, failed
    /// Only a running game, or only running it, could tell.
    case unchecked
  }

  struct Finding {
    let subject: String
    let outcome: Outcome
    let text: String
  }

  let request: TrainerRequest
  let game: ProcessHandle

  /// The version first, then the cheats in their order.
  func findings() -> [Finding] {
    [version()] + request.cheats.flatMap { findings(of: $0) }
  }

  private func version() -> Finding {
    let identity = request.versions.identity(of: game) ?? "unknown"
    func finding(_ outcome: Outcome, _ text: String) -> Finding {
      Finding(subject: "version", outcome: outcome, text: text)
    }
    switch Result(catching: { try request.versions.check(game) }) {
    case .success(.any): return finding(.unchecked, "none is declared; this one is \(identity)")
    case .success(.same(let known)): return finding(.ok, known.label ?? known.text)
    case .success(.unknown(let why)): return finding(.failed, why)
    case .success(.other):
      let known = request.versions.known.map(\.text).joined(separator: ", ")
      return finding(.failed, "\(identity) is not among those declared: \(known)")
    case .failure(let error): return finding(.failed, Cheat.words(error))
    }
  }

  private func findings(of cheat: CheatRequest) -> [Finding] {
    var findings: [Finding] = []
    func check(_ body: () throws -> (Outcome, String)) {
      do {
        let (outcome, text) = try body()
        findings.append(Finding(subject: cheat.name, outcome: outcome, text: text))
      } catch {
        findings.append(Finding(subject: cheat.name, outcome: .failed, text: Cheat.words(error)))
      }
    }
    if let place = cheat.place { check { try self.check(place) } }
    switch cheat.action {
    case .patch(let request): check { try self.check(request) }
    case .functions: check { (.unchecked, "its functions are not called") }
    case .none, .freeze, .write: break
    }
    return findings
  }

  private func check(_ place: CheatPlace) throws -> (Outcome, String) {
    if place.needsProcess, isOnDisk {
      return (.unchecked, "\(place.text) can only be followed in a running game")
    }
    let cell = try place.cell(in: game)
    let value = try cell.value().text(as: cell.element)
    return (.ok, "\(place.text) is \(cell.address), and holds \(value)")
  }

  private func check(_ request: PatchRequest) throws -> (Outcome, String) {
    if isOnDisk, request.places.contains(where: \.needsProcess) {
      return (.unchecked, "its place can only be found in a running game")
    }
    let places = try request.check(in: game.source).map { edit in
      (try? game.source.name(of: edit.address)) ?? "\(edit.address)"
    }
    return (.ok, "patch at " + places.prefix(4).joined(separator: ", "))
  }

  private var isOnDisk: Bool { game.source is ProgramMemory }
}

extension TrainerLint.Finding {
  var luaValue: LuaValue {
    .table(
      LuaTable([
        ("subject", .text(subject)), ("outcome", .text(outcome.rawValue)), ("text", .text(text)),
      ]))
  }
}
