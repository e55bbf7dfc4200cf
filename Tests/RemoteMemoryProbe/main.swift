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
// Or saves a core of the process, or with an address a dump of 8 MiB from there, where there is no room for it, and prints how many files there are
// then beside what came of it:
//
//     RemoteMemoryProbe --core|--dump PATH [--file-limit BYTES | --small-disk FOLDER] PID [ADDRESS]
//
// Or patches 41 places from ADDRESS on, with a journal at PATH, and takes them back, over and over; with `--once` it
// takes nothing back, and ends:
//
//     RemoteMemoryProbe --patch PATH [--once] [--file-limit BYTES] PID ADDRESS
//
// Or closes the sandbox around the process and then tries what that forbids, or tries it without: see
// Confined.swift.
//
//     RemoteMemoryProbe --confined closed|open|32 PID ADDRESS
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
  case "--core": keepPath(value(), isDump: false)
  case "--dump": keepPath(value(), isDump: true)
  case "--patch": patchPlaces(journal: value())
  case "--once": patchOnce()
  case "--confined": Confined.keep(value())
  case "--file-limit": fixture_limit_files(UInt64(value()) ?? 0)
  case "--small-disk": fixture_mount_small_disk(value())
  case "--family": -fixture_run_family(Int(value()) ?? 0, value() == "huge")
  default: -22
  }
}

/// Keeps a journal, and says that places are to be patched.
func patchPlaces(journal: String) -> Int32 {
  Journal.ours.location = .file(journal)
  patchesOnce = false
  return 0
}

func patchOnce() -> Int32 {
  patchesOnce = true
  return 0
}

/// Whether to patch, and if so only once.
nonisolated(unsafe) var patchesOnce: Bool?

/// Forty numbers, and a place that crosses pages.
func patch(_ process: RemoteProcess, from start: Address, once: Bool) throws(RemoteMemoryError) {
  var edits: [PatchEdit] = []
  for index in 0..<40 {
    edits.append(try edit(start.offset(by: Int64(index) * 100), [1, 2, 3, 4]))
  }
  edits.append(try edit(start.offset(by: 5000), [UInt8](repeating: 0x77, count: 4000)))
  let patch = try Patch("probe", edits, of: process)
  repeat {
    try patch.enable()
    print("on")
    fflush(nil)
    if once { return }
    try patch.disable()
  } while true
}

func edit(_ address: Address, _ bytes: [UInt8]) throws(RemoteMemoryError) -> PatchEdit {
  guard let pattern = try? BytePattern(bytes) else {
    throw RemoteMemoryError(.patch, .invalid)
  }
  return PatchEdit(at: address, replacement: pattern)
}

nonisolated(unsafe) var path: String?
nonisolated(unsafe) var isDump = false

func keepPath(_ wanted: String, isDump wantsDump: Bool) -> Int32 {
  path = wanted
  isDump = wantsDump
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
    let address = arguments.popFirst().flatMap { UInt64($0, radix: 16) }.map { Address($0) }
    if let once = patchesOnce, let address { try patch(process, from: address, once: once) }
    if let address { try Confined.run(process, address) }
    switch (path, address) {
    case (let path?, let start?) where isDump:
      _ = try process.dump(AddressRange(start: start, count: 8 << 20), to: path)
    case (let path?, _): try Snapshot.capture(process).saveCore(to: path)
    case (nil, let address?) where patchesOnce == nil && Confined.way == nil:
      try process.writeBytes([0x5A], at: address)
    case (nil, _): break
    }
    print("ok")
  }
} catch {
  var cause = "\(error.cause)"
  if case .denied(let diagnosis) = error.cause { cause = "\(diagnosis.cause)" }
  print("\(error.code)\n\(cause)\n\(error.message)\n\(error.hint ?? "")")
}
if let path {
  let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  print("files \(fixture_count_files(folder))")
}
