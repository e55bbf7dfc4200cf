import LuaHost
import MemoryModel
import RemoteMemory

/// One cheat of a trainer as it stands: whether it is on, what its value is, and why it cannot be
/// switched.
final class Cheat {
  let request: CheatRequest
  let key: MenuKey?
  /// Whether it was switched on and not off since.
  private(set) var isOn = false
  /// Why it is not available; nil: it is.
  private(set) var problem: String?
  /// The value at its place, as text; nil where it has none or cannot be read.
  private(set) var value: String?
  /// What a person wants: kept over a restart of the game.
  var isWanted = false

  private var cell: CellObject?
  private var patch: PatchObject?
  private var freeze: FreezeObject?
  /// When it is looked for again, on the clock in seconds: what takes long is done seldom.
  private var nextLook = 0.0

  init(_ request: CheatRequest, key: MenuKey?) {
    self.request = request
    self.key = key
  }

  var name: String { request.name }

  // MARK: Looking

  /// Reads its value, and looks whether it can be switched.
  func look(at game: ProcessHandle, in session: Session) {
    let start = Clock.now
    guard start >= nextLook else { return }
    do {
      try readValue(of: game, session)
      try findPatch(in: game)
      problem = trouble
    } catch {
      problem = Self.words(error)
    }
    let taken = Clock.now - start
    nextLook = start + max(problem == nil ? 0.1 : 0.5, taken * 10)
  }

  private func readValue(of game: ProcessHandle, _ session: Session) throws {
    guard let place = request.place else { return }
    value = nil
    let found = try place.cell(in: game)
    let moved = cell.map { $0.address != found.address } ?? false
    cell = found
    value = try found.value().text(as: found.element)
    if moved, isOn, freeze != nil { try follow(found, session) }
  }

  /// Holds the new place at what the old one was held at.
  private func follow(_ place: CellObject, _ session: Session) throws {
    guard case .freeze(var arguments) = request.action, let old = freeze else { return }
    if arguments.value == nil, case .scalar(let held)? = old.value {
      arguments.value = held.luaValue
    }
    session.release(old)
    freeze = nil
    freeze = try session.freeze(place, arguments)
  }

  private func findPatch(in game: ProcessHandle) throws {
    guard case .patch(var request) = self.request.action, patch == nil else { return }
    request.name = request.name ?? name
    let made = PatchObject(handle: game, patch: try request.make(in: game))
    game.note(made)
    patch = made
  }

  /// What became of one that is on.
  private var trouble: String? {
    guard isOn else { return nil }
    if let patch, patch.status == "changed" { return "something else was written there since" }
    return freeze?.freeze.report.fault?.message
  }

  // MARK: Switching

  /// Switches it, or does what it does once.
  /// - Throws: why it cannot be.
  func set(_ wanted: Bool, _ game: ProcessHandle, in call: borrowing Call) throws {
    guard wanted != isOn || !request.isSwitch else { return }
    nextLook = 0
    switch request.action {
    case .none: throw ScriptFailure.misuse("\(name) is only shown")
    case .patch:
      if wanted { try findPatch(in: game) }
      try patch?.setEnabled(wanted)
    case .freeze(let arguments): try hold(wanted ? arguments : nil, game, call.session)
    case .write(let value): try self.place(in: game)?.write(value)
    case .functions(let on, let off):
      guard let function = wanted ? on : off else { break }
      try run(function, game, call)
    }
    isOn = wanted && request.isSwitch
  }

  private func hold(_ arguments: FreezeArguments?, _ game: ProcessHandle, _ session: Session) throws
  {
    if let arguments, let cell = try self.place(in: game) {
      freeze = try session.freeze(cell, arguments)
    } else if let freeze {
      session.release(freeze)
      self.freeze = nil
    }
  }

  private func place(in game: ProcessHandle) throws -> CellObject? {
    cell = try request.place?.cell(in: game)
    return cell
  }

  private func run(_ function: KeptFunction, _ game: ProcessHandle, _ call: borrowing Call) throws {
    let cell = request.place == nil ? nil : try? self.place(in: game)
    do {
      try function(
        in: call,
        arguments: { reply in
          reply.object(game)
          if let cell { reply.object(cell) } else { reply.null() }
        }, read: { _ in })
    } catch ScriptFailure.raised(let index) {
      throw ScriptFailure.misuse(call.dismissRaised(at: index))
    }
  }

  /// Forgets a game that has ended, and all that was done in it.
  func lose(_ session: Session) {
    if let freeze { session.release(freeze) }
    try? patch?.patch.disable()
    (cell, patch, freeze, value) = (nil, nil, nil, nil)
    (isOn, problem, nextLook) = (false, nil, 0)
  }

  /// An error of any kind, in one line.
  static func words(_ error: any Error) -> String {
    switch error {
    case let error as RemoteMemoryError: error.message
    case let mismatch as ArgumentMismatch: mismatch.reason
    case let error as any ScriptError: error.message
    case ScriptFailure.misuse(let text): text
    case ScriptFailure.badArgument(_, let text): text
    default: "\(error)"
    }
  }
}

extension Cheat {
  /// How it stands, for people and programs.
  enum State: String {
    case on, off
    /// It only writes or calls, and has no state.
    case ready
    case unavailable
    /// Its value is shown.
    case shown
  }

  var state: State {
    if problem != nil, !isOn { return .unavailable }
    if case .none = request.action { return .shown }
    return isOn ? .on : request.isSwitch ? .off : .ready
  }
}
