import Foundation
import Testing

/// A folder of its own for a test, removed with it.
final class CoreFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "cores-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var file: String { path + "/x.core" }
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file))) }
  /// Writes a new file: some file systems flush one that is written over.
  func write(_ bytes: [UInt8]) throws {
    try? FileManager.default.removeItem(atPath: file)
    try Data(bytes).write(to: URL(filePath: file))
  }
}

/// Where a program of the system lies; nil where it is not installed.
func installed(_ program: String) -> String? {
  ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + program }.first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a test, with the reason, where a program of the system is not installed.
  static func needs(_ program: String) -> Self {
    .enabled(if: installed(program) != nil, "\(program) is not installed")
  }
}

/// Runs a program of the system to its end, and gives what it printed.
func output(of program: String, _ arguments: [String], both: Bool = false) throws -> String {
  let path = try #require(installed(program))
  let process = Process()
  process.executableURL = URL(filePath: path)
  process.arguments = arguments
  process.environment = ["LC_ALL": "C", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = both ? pipe : FileHandle.nullDevice
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}
