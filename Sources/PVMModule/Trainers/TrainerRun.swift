import LuaHost
import MemoryModel
import RemoteMemory
import Synchronization

/// A trainer at work: waits for the game, attaches, does what a person asks, and starts over when the
/// game does; all is taken back at its end.
final class TrainerRun {
  /// How it came to its end.
  enum Ending: String {
    /// Somebody wanted it: a key, trainer:stop(), pvm.stop().
    case stopped
    /// The game has ended, and no other is waited for.
    case exited
    /// Ctrl-C.
    case interrupted
    /// SIGTERM or SIGHUP.
    case terminated
    /// An error, of attaching or of a function that a timer called.
    case failed
  }

  /// From one look at the keys to the next, in seconds.
  private static let tick = 0.05
  /// From one look for the game to the next.
  private static let searchPause = 0.25

  private let trainer: TrainerObject
  private let options: TrainerOptions
  private let view: any TrainerView
  private let session: Session
  private var nextSearch = 0.0

  init(
    _ trainer: TrainerObject, _ options: TrainerOptions, _ view: any TrainerView, _ session: Session
  ) {
    self.trainer = trainer
    self.options = options
    self.view = view
    self.session = session
  }

  func run(in call: borrowing Call) throws -> Ending {
    for name in options.enabled { try trainer.cheat(named: name).isWanted = true }
    trainer.isStopping = false
    session.prepareEnding?()
    Session.trainersAtWork.wrappingAdd(1, ordering: .sequentiallyConsistent)
    view.open(trainer)
    let ending = Result { try loop(call) }
    // Functions that switch off have to run, also where Ctrl-C asked for the end.
    let wasInterrupted = isInterrupted
    if wasInterrupted { call.host.forgiveInterrupt() }
    let problems = trainer.letGo(in: call)
    for problem in problems { view.tell(.failed(problem), trainer, nil) }
    view.close((try? ending.get()) ?? .failed)
    for problem in problems { session.tell?(problem) }
    for cheat in trainer.cheats { cheat.isWanted = false }
    Session.trainersAtWork.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    if wasInterrupted { LuaState.interrupt() }
    if case .success(.terminated) = ending { Session.awaitEnd() }
    return try ending.get()
  }

  private var isInterrupted: Bool { session.attachOptions.interrupt.isInterrupted }

  private func loop(_ call: borrowing Call) throws -> Ending {
    while true {
      if isInterrupted { return .interrupted }
      if Session.isAskedToEnd { return .terminated }
      if trainer.isStopping { return .stopped }
      if let ending = try followGame(call) { return ending }
      if try serve(call) { return .stopped }
      view.show(trainer)
      for key in view.keys(waiting: Self.tick, session) {
        if try act(on: key, call) { return .stopped }
      }
    }
  }

  /// Lets timers and tasks have their turn, and those who wait for an end; true: `pvm.stop` was
  /// called.
  private func serve(_ call: borrowing Call) throws -> Bool {
    guard !session.schedule.isRunning else {
      try session.attend(call)
      return false
    }
    let ending = try session.schedule.run(until: Clock.nanoseconds, main: nil, in: call)
    return ending == .stopped && !isInterrupted
  }

  // MARK: The game

  private func followGame(_ call: borrowing Call) throws -> Ending? {
    if trainer.game != nil { return try watchGame(call) }
    guard Clock.now >= nextSearch else { return nil }
    nextSearch = Clock.now + Self.searchPause
    do {
      guard let game = try findGame() else { return nil }
      try trainer.attach(game, anyVersion: options.anyVersion, in: session)
      view.tell(.attached, trainer, nil)
      enableWanted(call)
    } catch let error as RemoteMemoryError where view.mayWaitOut(error) {
      nextSearch = Clock.now + 1
      view.tell(.trouble(error.description), trainer, nil)
    }
    return nil
  }

  /// The game, once it is there.
  private func findGame() throws -> ProcessHandle? {
    switch trainer.request.target {
    case .handle(let handle): return handle
    case .query(var query, _):
      if let id = options.process { query = ProcessQuery(id: id) }
      do throws(RemoteMemoryError) {
        return ProcessHandle(try RemoteProcess.attach(query, options: session.attachOptions))
      } catch {
        // One that has just ended, or is about to begin.
        if error.code == "ENOENT" || error.code == "ESRCH" { return nil }
        throw error
      }
    }
  }

  private func watchGame(_ call: borrowing Call) throws -> Ending? {
    guard trainer.gameIsThere else {
      view.tell(.ended(trainer.game?.exit.map { "\($0)" }), trainer, nil)
      trainer.release(session)
      if options.once { return .exited }
      if case .handle = trainer.request.target { return .exited }
      return nil
    }
    trainer.look(in: session)
    enableWanted(call)
    return nil
  }

  /// Switches on what is wanted and has become available.
  private func enableWanted(_ call: borrowing Call) {
    for cheat in trainer.cheats where cheat.isWanted && !cheat.isOn && cheat.problem == nil {
      switchOver(cheat, true, call)
      if !cheat.request.isSwitch { cheat.isWanted = false }
    }
  }

  // MARK: Keys

  /// True: it is to end.
  private func act(on key: ScreenKey, _ call: borrowing Call) throws -> Bool {
    if let cheat = trainer.cheats.first(where: { $0.key?.pressed == key }) {
      toggle(cheat, call)
      return false
    }
    switch key {
    case .end, .character("q"), .character("Q"): return true
    case .enter: if let cheat = view.chosen(of: trainer) { toggle(cheat, call) }
    default: view.move(key, trainer)
    }
    return false
  }

  private func toggle(_ cheat: Cheat, _ call: borrowing Call) {
    guard trainer.game != nil else {
      cheat.isWanted.toggle()
      return view.tell(.wanted(cheat.isWanted), trainer, cheat)
    }
    switchOver(cheat, !cheat.isOn, call)
  }

  private func switchOver(_ cheat: Cheat, _ wanted: Bool, _ call: borrowing Call) {
    do {
      try trainer.set(cheat, wanted, in: call)
      view.tell(cheat.request.isSwitch ? .switched(wanted) : .done, trainer, cheat)
    } catch {
      cheat.isWanted = cheat.isOn
      view.tell(.failed(Cheat.words(error)), trainer, cheat)
    }
    trainer.look(in: session)
  }
}

/// How a trainer is run.
struct TrainerOptions {
  /// Names of cheats to switch on as soon as they can be.
  var enabled: [String] = []
  /// Go on with a version that is not known.
  var anyVersion = false
  /// End with the game instead of waiting for the next.
  var once = false
  /// Report in JSON lines also where there is a terminal.
  var plain = false
  /// Which of several processes.
  var process: ProcessID?
}

/// Shows a trainer at work to whoever looks.
protocol TrainerView: AnyObject {
  func open(_ trainer: TrainerObject)
  func close(_ ending: TrainerRun.Ending)
  /// Something has happened, to a cheat or to all.
  func tell(_ event: TrainerEvent, _ trainer: TrainerObject, _ cheat: Cheat?)
  /// Shows how things stand.
  func show(_ trainer: TrainerObject)
  /// The keys pressed within so many seconds.
  func keys(waiting seconds: Double, _ session: Session) -> [ScreenKey]
  /// The cheat that Enter switches.
  func chosen(of trainer: TrainerObject) -> Cheat?
  /// Moves the choice.
  func move(_ key: ScreenKey, _ trainer: TrainerObject)
  /// Whether somebody sees an error of attaching, and can do something about it meanwhile.
  func mayWaitOut(_ error: RemoteMemoryError) -> Bool
}

/// What happens while a trainer runs.
enum TrainerEvent {
  case attached
  case ended(String?)
  case trouble(String)
  case switched(Bool)
  case wanted(Bool)
  case done
  case failed(String)
}

extension Session {
  /// How many trainers are at work, whose functions are to be called before the program ends.
  static let trainersAtWork = Atomic(0)
  private static let endIsNear = Atomic(false)

  /// Whether SIGTERM or SIGHUP came.
  static var isAskedToEnd: Bool { endIsNear.load(ordering: .sequentiallyConsistent) }

  /// Asks trainers to take everything back, and waits until they have, or time is up. For the thread
  /// that is to end the program.
  public static func askToEnd(seconds: Double) {
    endIsNear.store(true, ordering: .sequentiallyConsistent)
    let deadline = Clock.now + seconds
    while trainersAtWork.load(ordering: .sequentiallyConsistent) > 0, Clock.now < deadline {
      Clock.sleep(until: Clock.nanoseconds &+ 5_000_000, interrupt: .never)
    }
  }

  /// Leaves the end of the program to the thread that was told of it.
  fileprivate static func awaitEnd() {
    Clock.sleep(until: Clock.nanoseconds &+ 5_000_000_000, interrupt: .never)
  }
}
