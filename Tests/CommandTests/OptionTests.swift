import Testing

@Suite("options of our own")
struct OptionTests {
  @Test(
    "--version and --help answer on standard output",
    arguments: [
      (["--version"], "pvmlua "), (["--help"], "--read-only"), (["-h"], "USAGE: pvmlua [options]"),
      (["-e", "error('not run')", "--help"], "USAGE"), (["--read-only", "--version"], "pvmlua "),
    ])
  func questions(_ arguments: [String], _ text: String) throws {
    let run = try Run(arguments)
    #expect(run.output.contains(text))
    #expect(run.error == "")
    #expect(run.status == .exited(0))
  }

  @Test("completion scripts", arguments: ["bash", "zsh", "fish"])
  func completion(_ shell: String) throws {
    for arguments in [
      ["--generate-completion-script", shell], ["--generate-completion-script=\(shell)"],
    ] {
      let run = try Run(arguments)
      #expect(run.output.contains("pvmlua"))
      #expect(run.output.contains("read-only"))
      #expect(run.status == .exited(0))
    }
    #expect(try Run(["--generate-completion-script", "nosuch"]).status == .exited(1))
  }

  @Test("every option of the help is understood, by each of its names")
  func described() throws {
    let help = try Run(["--help"]).output
    let lines = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
    #expect(lines.count > 12)
    for line in lines {
      for name in line.split(whereSeparator: { ", ".contains($0) }).filter({ $0.hasPrefix("-") }) {
        #expect(try !Run([String(name)]).error.contains("unrecognized"), "\(name)")
      }
    }
  }

  @Test(
    "wrong ones are errors that name the fault",
    arguments: [
      (["--readonly"], "unrecognized option '--readonly' (did you mean '--read-only'?)"),
      (["--jornal", "f"], "did you mean '--journal'?"),
      (["--frobnicate"], "unrecognized option '--frobnicate'"),
      (["--sandbox=yes"], "'--sandbox' takes no argument"),
      (["--time-limit", "0"], "needs a number of seconds, got '0'"),
      (["--time-limit", "soon"], "got 'soon'"),
      (["--read-only=yes"], "'--read-only' takes no argument"),
      (["-p"], "'-p' needs argument"), (["--pid"], "'--pid' needs argument"),
      (["-p", "-1"], "'-p' needs argument"),
      (["--pid=-1"], "needs the number of a process, got '-1'"), (["-p", "0"], "got '0'"),
      (["-p", "99999999999"], "got '99999999999'"), (["-p", "1x"], "got '1x'"),
      (["-p", "1", "-n", "x"], "only one of '-p', '-n' and '-w'"),
      (["--color", "red"], "auto, always or never, got 'red'"),
      (["--memory-limit", "much"], "such as 64M, got 'much'"),
      (["--memory-limit", "0"], "got '0'"),
      (["--memory-limit", "K"], "got 'K'"), (["--memory-limit=-5"], "got '-5'"),
      (["--memory-limit", "9999999999999G"], "got '9999999999999G'"),
      (["--memory-limit", "1T"], "got '1T'"),
      (["-m"], "'-m' needs argument"), (["-m", "doctr"], "did you mean 'doctor'?"),
    ])
  func wrong(_ arguments: [String], _ text: String) throws {
    let run = try Run(arguments + ["-e", "print('ran')"])
    #expect(run.error.hasPrefix("pvmlua: "))
    #expect(run.error.contains(text), "\(run.error)")
    #expect(run.error.contains("usage: pvmlua [options] [script [args]]"))
    #expect(run.output == "")
    #expect(run.status == .exited(1))
  }

  @Test(
    "a memory limit is in force, with and without a unit",
    arguments: ["4194304", "4096K", "4m", "4M"])
  func memoryLimit(_ limit: String) throws {
    let script = "print(pcall(string.rep, 'x', 8 << 20)) print(#('x'):rep(1 << 20))"
    #expect(
      try Run(["--memory-limit", limit, "-e", script]).output
        == "false\tnot enough memory\n1048576\n")
  }
}
