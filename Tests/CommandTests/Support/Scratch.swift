import Glibc

/// A folder of one test, removed with all it holds.
final class Scratch {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    var template = Array((Self.parent + "/pvmlua-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw SupportFailure("cannot make a folder") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    for (name, text) in files { try add(name, Array(text.utf8)) }
  }

  deinit { _ = try? Run("rm", ["-rf", path]) }

  /// Writes a file into it.
  func add(_ name: String, _ bytes: [UInt8]) throws {
    guard let file = fopen(path + "/" + name, "w") else {
      throw SupportFailure("cannot write \(name)")
    }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw SupportFailure("cannot write \(name)")
    }
  }

  /// A descriptor of a file without a name.
  static func descriptor() throws -> Int32 {
    var template = Array((parent + "/pvmlua-stream-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw SupportFailure("cannot make a file") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }

  private static let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
}
