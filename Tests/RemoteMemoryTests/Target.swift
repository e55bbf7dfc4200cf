import CProcessVM
import Glibc
import MemoryModel
import RemoteMemory

/// A running pvm-target, quiet and without a clock of its own, whose places are known by name. It
/// ends with this object.
final class Target: Sendable {
  let child: SpawnedProcess
  let places: [String: UInt64]
  let texts: [String: String]

  var id: ProcessID { child.id }

  /// Starts it with layouts (`"holes"`, `"threads=4"`) and further options.
  convenience init(_ layouts: String..., options: [String] = []) throws {
    try self.init(list: layouts, options: options)
  }

  /// The same with the layouts in an array.
  init(list layouts: [String], options: [String] = []) throws {
    var words = [Self.program("pvm-target"), "--addresses", "--rate", "0", "--until-eof"]
    for layout in layouts { words += ["--layout", layout] }
    child = try Self.start(words + options)
    (places, texts) = try Self.readBlock(child)
  }

  deinit {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 10)
  }

  /// A place by name; a missing one is a mistake in the test.
  func callAsFunction(_ name: String) -> Address {
    guard let place = places[name] else { fatalError("pvm-target printed no \(name)") }
    return Address(place)
  }

  /// Sends a command and returns its one line of answer.
  func ask(_ command: String) throws -> String {
    try child.send(Array((command + "\n").utf8))
    return String(decoding: try child.receiveLine(seconds: 20) ?? [], as: UTF8.self)
  }

  func attach(_ options: AttachOptions = AttachOptions()) throws(RemoteMemoryError) -> RemoteProcess
  {
    try RemoteProcess.attach(id, options: options)
  }

  static func start(_ words: [String]) throws -> SpawnedProcess {
    var request = SpawnRequest(words)
    request.input = .pipe
    request.output = .pipe
    // A program that was just written may still be open in a child that another test has forked.
    // A `catch where` in such a loop sends the compiler of Swift 6.3.1 into a loop of its own.
    for _ in 0..<200 {
      if let child = try startUnlessBusy(request) { return child }
      usleep(5000)
    }
    return try SpawnedProcess.spawn(request)
  }

  /// - Returns: nil when the program's file is open for writing somewhere.
  private static func startUnlessBusy(
    _ request: SpawnRequest
  ) throws(RemoteMemoryError) -> SpawnedProcess? {
    do { return try SpawnedProcess.spawn(request) } catch {
      if error.code == "ETXTBSY" { return nil }
      throw error
    }
  }

  static func readBlock(_ child: SpawnedProcess) throws -> ([String: UInt64], [String: String]) {
    var places: [String: UInt64] = [:]
    var texts: [String: String] = [:]
    while let line = try child.receiveLine(seconds: 20) {
      let text = String(decoding: line, as: UTF8.self)
      if text == "ready" { return (places, texts) }
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      texts[parts[0]] = parts[1]
      if parts[1].hasPrefix("0x") { places[parts[0]] = UInt64(parts[1].dropFirst(2), radix: 16) }
    }
    throw RemoteMemoryError(.talk, .notFound, detail: "pvm-target ended before it was ready")
  }

  /// A program of this package, which lies beside the test bundle.
  static func program(_ name: String) -> String {
    var path = [UInt8](repeating: 0, count: 4096)
    let count = path.withUnsafeMutableBytes {
      pvm_readlink("/proc/self/exe", $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    let folder = path[..<max(count, 0)].lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? []
    return String(decoding: folder, as: UTF8.self) + name
  }
}

/// What pvm-target fills its areas with: byte `i` is `(i * 31 + i / 256) % 256`.
func pattern(_ range: Range<Int>) -> [UInt8] {
  range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) }
}

/// The error an expression throws; nil when it throws none.
func failure(_ body: () throws -> some Any) -> RemoteMemoryError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? RemoteMemoryError
  }
}
