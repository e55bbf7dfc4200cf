import Glibc
import MemoryModel
import RemoteMemory
import RemoteMemoryFixtures

/// What a sandbox leaves, as seen from inside.
enum Confined {
  /// "closed", "open" for the same without a sandbox, "32" for a call by the numbers of 32 bits.
  nonisolated(unsafe) static var way: String?

  static func keep(_ wanted: String) -> Int32 {
    way = wanted
    return fixture_begin_thread()
  }

  /// Tries everything, a line each.
  static func run(_ process: RemoteProcess, _ address: Address) throws(RemoteMemoryError) {
    guard let way else { return }
    Journal.ours.location = .file("/tmp/pvm-confined-\(getpid()).journal")
    if way != "open" { try Sandbox.close(around: [process]) }
    if way == "32" { return fixture_call_as_32_bits() }
    fixture_try_calls(getppid())
    tryOurs(process, address)
  }

  private static func tryOurs(_ process: RemoteProcess, _ address: Address) {
    attempt("write") { () throws(RemoteMemoryError) in try process.writeBytes([0x5A], at: address) }
    attempt("attach again") { () throws(RemoteMemoryError) in
      let again = try RemoteProcess.attach(process.id)
      try again.writeBytes([0x5B], at: address)
      again.close()
    }
    attempt("pause") { () throws(RemoteMemoryError) in try process.pause().resume() }
    attempt("patch") { () throws(RemoteMemoryError) in
      let patch = try Patch("probe", [try edit(address, [1, 2, 3])], of: process)
      try patch.enable()
      print("journal of a patch: \(access("/tmp/pvm-confined-\(getpid()).journal", F_OK))")
      try patch.disable()
    }
    attempt("freeze") { () throws(RemoteMemoryError) in
      try process.freeze(at: address, .hold([9]), every: 0.001).release()
    }
    attempt("attach to others") { () throws(RemoteMemoryError) in
      _ = try RemoteProcess.attach(ProcessID(getppid()))
    }
    attempt("spawn") { () throws(RemoteMemoryError) in
      try SpawnedProcess.spawn(SpawnRequest(["true"])).closeInput()
    }
    attempt("write a file") { () throws(RemoteMemoryError) in
      _ = try OutputFile(path: "/tmp/pvm-confined-\(getpid())")
      unlink("/tmp/pvm-confined-\(getpid())")
    }
    Journal.ours.end()
    print("journal at the end: \(access("/tmp/pvm-confined-\(getpid()).journal", F_OK))")
  }

  private static func attempt(
    _ name: String, _ body: () throws(RemoteMemoryError) -> Void
  ) {
    do throws(RemoteMemoryError) {
      try body()
      print("\(name): ok")
    } catch {
      print("\(name): \(error.code)")
    }
  }
}
