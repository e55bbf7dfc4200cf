import Foundation
import MemoryModel
import RemoteMemory

/// A running pvm-target, quiet and without a clock of its own. It ends with this object.
final class Target {
  let child: SpawnedProcess
  /// What it printed, by key, as it stood there.
  private(set) var texts: [(key: String, value: String)] = []
  /// Where its layouts keep their files; removed at the end.
  private let scratch: String

  var id: ProcessID { child.id }

  /// Starts it with layouts: "holes", "threads=4".
  init(layouts: [String] = [], program: String? = nil) throws {
    scratch = scratchFolder + "/pvm-module-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    var words = [program ?? Self.path, "--addresses", "--rate", "0", "--until-eof"]
    words += ["--scratch", scratch] + layouts.flatMap { ["--layout", $0] }
    var request = SpawnRequest(words)
    request.input = .pipe
    request.output = .pipe
    child = try SpawnedProcess.spawn(request)
    try readBlock()
  }

  deinit {
    end()
    try? FileManager.default.removeItem(atPath: scratch)
  }

  /// Sends a command and returns its one line of answer.
  func ask(_ command: String) throws -> String {
    try child.send(Array((command + "\n").utf8))
    return String(decoding: try child.receiveLine(seconds: 20) ?? [], as: UTF8.self)
  }

  /// Kills it and waits until nothing is left of it.
  func end() {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 20)
  }

  /// An address by its key.
  func address(_ key: String) -> UInt64? {
    texts.first { $0.key == key }.flatMap { UInt64($0.value.dropFirst(2), radix: 16) }
  }

  private func readBlock() throws {
    while let line = try child.receiveLine(seconds: 20) {
      if line == Array("ready".utf8) { return }
      let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2 else { continue }
      texts.append(
        (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self)))
    }
    throw RemoteMemoryError(.talk, .notFound, detail: "pvm-target ended before it was ready")
  }

  /// The program, which lies beside the test bundle.
  static let path = folder + "pvm-target"

  private static let folder: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return bundle.lastIndex(of: "/").map { String(bundle[...$0]) } ?? ""
  }()
}

/// A name for pvm-target that no other process has: the kernel's name of a process is that of the
/// link it was started by, cut to 15 bytes.
final class OwnName {
  let name: String
  let path: String

  init() throws {
    name = "pvm-" + UUID().uuidString.prefix(8).lowercased()
    path = scratchFolder + "/" + name
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: Target.path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// How many descriptors this process holds on another: of its files in /proc, and pidfds.
func descriptors(on process: ProcessID) -> Int {
  let own = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
  return own.count { number in
    guard
      let link = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/" + number)
    else { return false }
    if link.hasPrefix("/proc/\(process)/") { return true }
    guard link.contains("pidfd"),
      let data = FileManager.default.contents(atPath: "/proc/self/fdinfo/" + number)
    else { return false }
    return String(decoding: data, as: UTF8.self).contains("\nPid:\t\(process)\n")
  }
}

/// Where files of the tests go, without a slash at the end.
let scratchFolder = URL(fileURLWithPath: NSTemporaryDirectory()).path
