import Glibc
import Testing

/// A program with more power than its user would hand it to every script.
@Suite("borrowed power is refused")
struct PrecautionTests {
  private static let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
  private static let canTest =
    Program.isRoot && Program.inPath("setcap") != nil && Program.inPath("setpriv") != nil
  private static let reason = "needs root, setcap and setpriv"

  /// A copy of the program in a folder that everyone may enter, with its power given by a shell line.
  private func copy(_ power: String) throws -> Scratch {
    let folder = try Scratch(["init.lua": "print('initialized')", "x.lua": "print('planted')"])
    let made = try Run(
      "/bin/sh",
      [
        "-c",
        "cp '\(Program.pvmlua)' '\(folder.path)/pvmlua' && cd '\(folder.path)' && chmod 755 . && \(power)",
      ])
    try #require(made.status == .exited(0), "\(made.error)")
    return folder
  }

  private func run(_ folder: Scratch, privileges: String = "", _ arguments: [String]) throws -> Run
  {
    let words = "\(Self.nobody) \(privileges)./pvmlua".split(separator: " ").map(String.init)
    return try Run(
      words[0], Array(words.dropFirst()) + arguments,
      environment: [
        "LUA_INIT": "@init.lua", "LUA_PATH": "./?.lua", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
      ],
      prelude: "cd \(folder.path)")
  }

  private var honorsFileCapabilities: Bool {
    var status = statvfs()
    let folder = try? Scratch()
    return folder.map { statvfs($0.path, &status) == 0 && status.f_flag & UInt(ST_NOSUID) == 0 }
      ?? false
  }

  @Test(
    "of the file, in whatever way it is started", .enabled(if: canTest, "\(reason)"),
    arguments: [
      "setcap cap_sys_ptrace+ep pvmlua", "setcap cap_net_raw+p pvmlua", "chmod u+s pvmlua",
      "chmod g+s pvmlua",
    ])
  func file(_ power: String) throws {
    guard honorsFileCapabilities else { try Test.cancel("file capabilities mean nothing here") }
    let plain = try copy("true")
    let allowed = try run(plain, ["-e", "print('runs')"])
    try #require(
      allowed.output == "initialized\nruns\n", "nobody cannot run a copy: \(allowed.error)")

    let folder = try copy(power)
    for arguments in [["-e", "print(1)"], ["-l", "x"], ["-E", "-e", "print(1)"], ["--help"], []] {
      let refused = try run(folder, arguments)
      #expect(refused.output == "")
      #expect(refused.error.hasPrefix("pvmlua: refusing to run with "))
      #expect(refused.status == .exited(1))
    }
  }

  @Test("handed on as ambient capabilities", .enabled(if: canTest, "\(reason)"))
  func ambient() throws {
    let folder = try copy("true")
    let refused = try run(
      folder, privileges: "--inh-caps=+sys_ptrace --ambient-caps=+sys_ptrace ", ["-e", "print(1)"])
    #expect(refused.output == "")
    #expect(refused.error.hasPrefix("pvmlua: refusing to run with capabilities"))
    #expect(refused.status == .exited(1))
  }

  @Test(
    "a file's power that no_new_privs takes away does not count", .enabled(if: canTest, "\(reason)")
  )
  func voided() throws {
    let folder = try copy("setcap cap_sys_ptrace+p pvmlua")
    let run = try run(folder, privileges: "setpriv --no-new-privs ", ["-e", "print('runs')"])
    #expect(run.output == "initialized\nruns\n")
  }
}
