import Foundation

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
  func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: file)) }
}

/// A program that is run to its end, and what it printed; nil where it is not installed.
func output(of program: String, _ arguments: [String], both: Bool = false) throws -> String? {
  let folders = ["/usr/bin/", "/bin/", "/usr/local/bin/"]
  guard
    let path = folders.map({ $0 + program }).first(where: {
      FileManager.default.isExecutableFile(atPath: $0)
    })
  else { return nil }
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
