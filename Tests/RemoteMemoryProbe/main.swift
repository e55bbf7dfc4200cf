import Glibc
import MemoryModel
import RemoteMemory
import RemoteMemoryFixtures

// Attaches to a process after limiting itself as the arguments say, and prints what came of it:
// `ok`, or the error's code, cause, message and hint on a line each.
//
//     RemoteMemoryProbe [--seccomp ERRNO | --landlock | --old-kernel | --capabilities HEX | --user
//     UID]... PID [ADDRESS]
//
// Or saves a core of the process where there is no room for it, and prints how many files there are
// then beside what came of it:
//
//     RemoteMemoryProbe --core PATH [--file-limit BYTES | --small-disk FOLDER] PID
//
// Or is itself a process to look at: `RemoteMemoryProbe --family BYTES [huge]`, `--signals COUNT`,
// `--spawner`, `--vfork`. Or holds one until its own input ends: `RemoteMemoryProbe --pause PID`.

func limit(_ option: String, _ value: () -> String) -> Int32 {
  switch option {
  case "--seccomp": fixture_refuse_calls(Int32(value()) ?? 1)
  case "--landlock": fixture_enter_landlock()
  case "--old-kernel": fixture_be_old_kernel()
  case "--capabilities": fixture_keep_capabilities(UInt64(value(), radix: 16) ?? 0)
  case "--user": fixture_become(UInt32(value()) ?? 65_534)
  case "--signals": -fixture_run_signals(Int32(value()) ?? 0) - 1
  case "--spawner": -fixture_run_spawner() - 1
  case "--vfork": -fixture_run_vfork() - 1
  case "--pause": hold(value())
  case "--core": keepCorePath(value())
  case "--file-limit": fixture_limit_files(UInt64(value()) ?? 0)
  case "--small-disk": fixture_mount_small_disk(value())
  case "--family": -fixture_run_family(Int(value()) ?? 0, value() == "huge")
  default: -22
  }
}

nonisolated(unsafe) var corePath: String?

func keepCorePath(_ path: String) -> Int32 {
  corePath = path
  return 0
}

/// Stops a process and says so.
func hold(_ number: String) -> Int32 {
  do throws(RemoteMemoryError) {
    let process = try RemoteProcess.attach(ProcessID(Int32(number) ?? 0))
    let pause = try process.pause(seconds: 60)
    print("paused \(pause.threads.count)")
    fflush(nil)
    while getchar() != EOF {}
    return pause.resume() == .resumed ? -1 : -2
  } catch {
    print("\(error)")
    return -3
  }
}

var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.first, option.hasPrefix("--") {
  arguments.removeFirst()
  let result = limit(option) { arguments.popFirst() ?? "" }
  if result < 0 {
    print("limit \(option) \(result)")
    arguments = []
  }
}
do throws(RemoteMemoryError) {
  if let id = arguments.popFirst().flatMap({ Int32($0) }) {
    let process = try RemoteProcess.attach(ProcessID(id))
    if let address = arguments.popFirst().flatMap({ UInt64($0, radix: 16) }) {
      try process.writeBytes([0x5A], at: Address(address))
    }
    if let corePath { try Snapshot.capture(process).saveCore(to: corePath) }
    print("ok")
  }
} catch {
  var cause = "\(error.cause)"
  if case .denied(let diagnosis) = error.cause { cause = "\(diagnosis.cause)" }
  print("\(error.code)\n\(cause)\n\(error.message)\n\(error.hint ?? "")")
}
if let corePath {
  let folder = corePath.lastIndex(of: "/").map { String(corePath[..<$0]) } ?? "."
  print("files \(fixture_count_files(folder))")
}
