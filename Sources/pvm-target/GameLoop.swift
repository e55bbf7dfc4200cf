import Glibc

/// Runs the game: ticks by time, answers commands, ends when told.
final class GameLoop {
  let options: Options
  let game = Game()
  let stage: Stage
  var ticksPerSecond: Double
  var isPaused = false
  private var input = InputLines()
  private var nextTick = 0.0
  private var nextStateLine = 0.0
  private let started = monotonicSeconds()

  init(_ options: Options) {
    self.options = options
    ticksPerSecond = options.ticksPerSecond
    stage = Stage(
      game.addresses, scratch: ScratchFolder(options.scratchFolder),
      usesHugePages: options.usesHugePages)
    for request in options.layouts { Layout.build(request, on: stage) }
    stage.unmapHoles()
    if options.diesWithParent { KernelCall.dieWithParent() }
  }

  /// Runs until the end of the program; on another thread where a layout wants the first one gone.
  func start() -> Never {
    guard stage.leaderExits else { run() }
    let loop = UncheckedBox(value: self)
    startThread {
      awaitLeaderExit()
      loop.value.stage.book.add("worker", UInt64(KernelCall.threadID()))
      loop.value.run()
    }
    KernelCall.exitThisThread()
  }

  private func run() -> Never {
    if options.printsAddresses && !(options.generation > 0 && stage.execSeconds != nil) {
      writeAll(stage.book.text)
    }
    if showsState { writeStateLine() }
    schedule()
    while true {
      endIfDue()
      tickIfDue()
      for line in input.wait(secondsToWait) { writeAll(answer(line)) }
      if options.endsAtEndOfInput && input.isAtEnd { end(options.exitCode) }
    }
  }

  /// Plans the next tick from now on; called again when the rate changes.
  func schedule() {
    nextTick = monotonicSeconds() + 1 / ticksPerSecond
  }

  /// Cleans up and ends the program.
  func end(_ code: Int32) -> Never {
    stage.scratch.remove()
    exit(code)
  }

  /// Replaces the program by itself: the same process, a new address space.
  func replaceImage() -> Never {
    stage.scratch.remove()
    var arguments = CommandLine.arguments
    if let index = arguments.firstIndex(of: "--generation") {
      arguments.removeSubrange(index...index + 1)
    }
    arguments += ["--generation", String(options.generation + 1)]
    var pointers = arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &pointers)
    fail("execv: \(errorText())")
  }

  private var isTicking: Bool { ticksPerSecond > 0 && !isPaused }

  private var showsState: Bool { !options.isQuiet && ticksPerSecond > 0 }

  private func tickIfDue() {
    let now = monotonicSeconds()
    guard isTicking, now >= nextTick else { return }
    game.tick()
    nextTick = max(nextTick + 1 / ticksPerSecond, now)
    if showsState && now >= nextStateLine { writeStateLine() }
  }

  private func writeStateLine() {
    writeAll(game.state + "\n")
    // A little less than a second, so that one tick a second gives one line a tick.
    nextStateLine = monotonicSeconds() + 0.9
  }

  private var endOfTime: Double? { options.seconds.map { started + $0 } }

  private var replacementTime: Double? { stage.execSeconds.map { started + $0 } }

  private func endIfDue() {
    let now = monotonicSeconds()
    if let signal = EndingSignal.received {
      stage.scratch.remove()
      EndingSignal.die(of: signal)
    }
    if let endOfTime, now >= endOfTime { end(options.exitCode) }
    if let replacementTime, now >= replacementTime { replaceImage() }
  }

  /// Seconds until something is due, nil when only a command can bring anything.
  private var secondsToWait: Double? {
    let times = [isTicking ? nextTick : nil, endOfTime, replacementTime].compactMap(\.self)
    return times.min().map { max(0, $0 - monotonicSeconds()) }
  }
}
