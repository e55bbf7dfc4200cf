import Glibc
import Testing

/// What the user sets up for the prompt.
@Suite("the prompt's configuration")
struct ConfigurationTests {
  private func home(_ text: String) throws -> Scratch {
    let home = try Scratch()
    mkdir(home.path + "/config", 0o700)
    mkdir(home.path + "/config/pvmlua", 0o700)
    try home.add("config/pvmlua/init.lua", Array(text.utf8))
    return home
  }

  @Test("init.lua is run at the prompt, and only there")
  func initFile() throws {
    let home = try home("mine = 'set up' _PROMPT = function() return 'own' .. '> ' end")
    let editing = try Editing(home: home)
    #expect(editing.terminal.screen.contains("own> "))
    try editing.enter("mine", shows: "set up")
    let without = try Editing(["-q", "--norc"], home: home)
    try without.enter("mine", shows: "nil")
    let environment = ["XDG_CONFIG_HOME": home.path + "/config"]
    #expect(try Run(["-e", "print(mine)"], environment: environment).output == "nil\n")
  }

  @Test("a fault in init.lua is shown, and the prompt comes")
  func fault() throws {
    let editing = try Editing(home: home("error('in the file')"))
    #expect(editing.terminal.screen.contains("in the file"))
    try editing.enter("6 * 7", shows: "42")
  }

  @Test(
    "root runs no init.lua that others could have written",
    .enabled(if: Program.isRoot, "needs root"))
  func strangers() throws {
    let home = try home("mine = 1")
    chmod(home.path + "/config/pvmlua/init.lua", 0o666)
    let editing = try Editing(home: home)
    #expect(editing.terminal.screen.contains("is not run"))
    try editing.enter("mine", shows: "nil")
  }

  @Test("colors follow NO_COLOR, CLICOLOR_FORCE and --color")
  func colors() throws {
    let error = ["-e", "error('x')"]
    #expect(try Run(error, environment: ["CLICOLOR_FORCE": "1"]).error.contains("\u{1b}[31m"))
    #expect(
      try !Run(error, environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]).error.contains(
        "\u{1b}"))
    #expect(try !Run(error, environment: ["CLICOLOR_FORCE": "0"]).error.contains("\u{1b}"))
    let plain = try Editing(["-q", "--color=never"], environment: ["NO_COLOR": ""])
    try plain.enter("error('x')", shows: "x")
    #expect(!plain.terminal.screen.contains("\u{1b}[1;34m"))
    let colored = try Editing(environment: ["NO_COLOR": ""])
    #expect(colored.terminal.screen.contains("\u{1b}[1;34mpvm> "))
  }

  @Test("a terminal called dumb and a pipe get not one escape byte")
  func plain() throws {
    let dumb = try Terminal(["-q"], environment: ["TERM": "dumb"])
    try dumb.expect("pvm> ")
    dumb.type("1 + 1\n.help\nerror('x')\n\u{4}")
    #expect(try dumb.end() == .exited(0))
    #expect(!dumb.output.contains(0x1B))
    let run = try Run(
      ["-q", "-i"], input: "1 + 1\n.watch 6 * 7\nerror('x')\n", environment: ["TERM": "xterm"])
    #expect(run.output.contains("42"))
    #expect(!run.output.contains("\u{1b}") && !run.error.contains("\u{1b}"))
  }

  @Test("-i keeps what the script has left: globals and the target")
  func afterScript() throws {
    let sleeper = try Sleeper()
    let folder = try Scratch(["s.lua": "game = pvm.attach(tonumber(arg[1])) kept = 40"])
    let editing = try Editing(["-q", "-i", folder.path + "/s.lua", sleeper.pid])
    #expect(editing.terminal.screen.contains("pvm sleep:\(sleeper.pid)> "))
    try editing.enter("kept + 2", shows: "42")
    try editing.enter(".log", shows: "dofile(\"\(folder.path)/s.lua\")")
  }
}
