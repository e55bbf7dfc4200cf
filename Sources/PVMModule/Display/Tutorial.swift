import LuaHost
import MemoryModel

/// Ten steps that walk a newcomer through attach, scan, narrow and freeze. Each is checked by what it
/// leaves behind, so that it may be done in other words than those shown.
final class Tutorial {
  struct Step {
    let title: String
    let text: String
    /// What to type.
    let entry: String
    /// Lua that is true once the step is done.
    let check: String
  }

  private unowned let display: Display
  /// The step that is to be done next; nil: no tutorial is under way.
  private(set) var number: Int?

  init(_ display: Display) { self.display = display }

  /// Shows the first step, or again the one that is due.
  func begin() {
    if number == nil {
      number = 0
      say([StyledText("A game, and a number in it that you will find and hold. Ten steps.")])
    }
    showStep()
  }

  /// To be called after each entry: whether it has done the step.
  func attend() {
    guard let number else { return }
    let check = Chunk.text("assert(\(Self.steps[number].check))", name: "=tutorial")
    guard display.state.run(check) == .completed else { return }
    self.number = number + 1 < Self.steps.count ? number + 1 : nil
    if self.number != nil {
      say([StyledText("Step \(number + 1) is done.", .string)])
      showStep()
    } else {
      say([StyledText("All ten steps are done.", .string)] + Self.farewell)
    }
  }

  private func showStep() {
    guard let number else { return }
    let step = Self.steps[number]
    var lines = [StyledText(), StyledText("\(number + 1). \(step.title)", .strong)]
    lines += step.text.split(separator: "\n").map { StyledText("   \($0)") }
    lines += SourcePaint.lines(Array(step.entry.utf8)).map { StyledText("       ") + $0 }
    say(lines)
  }

  private func say(_ lines: [StyledText]) { display.write(display.bytes(lines)) }

  private static let farewell = [
    "   hold:release() lets the number go, child:kill() ends the game.",
    "   The same works on any program of yours: pvm.attach(\"name\"). What this program changes is",
    "   told before the first write, and --dry-run shows it without doing.",
    "   help(pvm) lists all there is; examples/ has scripts to start from.",
  ].map { StyledText($0) }

  static let steps = [
    Step(
      title: "Start a game",
      text: """
        pvmlua brings one to practise on. It waits for orders on its input and answers with a line.
        """,
      entry: """
        child = pvm.spawn({pvm.target_path(), "--rate", "0", "--until-eof"}, {stdin="pipe", stdout="pipe", die_with_us=true})
        """,
      check: "child.alive and child.name == 'pvm-target'"),
    Step(
      title: "Attach to it",
      text: """
        Nothing happens to a process that is attached to. A name works too: pvm.attach("pvm-target").
        The prompt shows what the variable game is attached to.
        """,
      entry: "game = pvm.attach(child.pid)", check: "game.pid == child.pid"),
    Step(
      title: "See what the player sees",
      text: "The game says how its hero is. 100 is the number to look for.",
      entry: #"child:send("state\n") line = child:receive_line(5)"#,
      check: "line:find('health 100', 1, true)"),
    Step(
      title: "Scan",
      text: """
        Find every 32-bit integer that is 100. The stack is left out, where copies pass by.
        Type  game:scan(  and Tab twice, or Alt-h, to see what a scan takes.
        """,
      entry: #"hits = game:scan("i32", 100, {exclude={"stack"}})"#, check: "#hits > 0"),
    Step(
      title: "Look at what was found",
      text: "There are too many to know which is the health. Addresses are named by their region.",
      entry: "first = hits:page(1, 5) print(first)", check: "#first > 0"),
    Step(
      title: "Let the game change it",
      text: "A blow of 7 leaves 93.",
      entry: #"child:send("hurt 7\n") line = child:receive_line(5)"#,
      check: "line:find('health 93', 1, true)"),
    Step(
      title: "Narrow",
      text: """
        Only what is 93 now can be the health. hits.parent is the scan before: undo.
        """,
      entry: "hits = hits:next(93)", check: "#hits > 0 and hits.parent"),
    Step(
      title: "Narrow again, until one is left",
      text: "Another blow, another number, and one place is left.",
      entry: #"child:send("hurt 12\n") line = child:receive_line(5) hits = hits:next(81)"#,
      check: "#hits == 1 and hits[1].value == 81"),
    Step(
      title: "Change it",
      text: "A hit is a typed place: its value can be read and assigned.",
      entry: "health = hits[1] health.value = 500", check: "health.value == 500"),
    Step(
      title: "Freeze it",
      text: """
        A thread looks at the place twenty times a second and writes the value back where the game
        has changed it, while you go on typing. Hurt the hero, and look again.
        """,
      entry: #"""
        hold = health:freeze(500) child:send("hurt 30\n") line = child:receive_line(5) pvm.sleep(0.3)
        """#,
      check: "hold.active and line:find('health 470', 1, true) and health.value == 500"),
  ]
}

extension Display {
  /// To be called after each entry at the prompt: a tutorial that is under way looks whether its step
  /// is done.
  public func attend() { tutorial.attend() }

  /// What the step that is due tells to type; nil: no tutorial is under way.
  public var tutorialEntry: String? { tutorial.number.map { Tutorial.steps[$0].entry } }
}
