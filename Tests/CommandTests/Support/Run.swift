import Glibc

/// A program run from start to end, with what it printed.
struct Run {
  let status: Status
  let outputBytes: [UInt8]
  let errorBytes: [UInt8]

  var output: String { String(decoding: outputBytes, as: UTF8.self) }
  var error: String { String(decoding: errorBytes, as: UTF8.self) }

  /// Runs a program.
  /// - Parameters:
  ///   - input: what it finds on standard input.
  ///   - environment: beside PATH and a plain locale; nothing else is inherited.
  ///   - prelude: shell commands before it: `cd`, `ulimit`, `exec >&-`.
  init(
    _ program: String, _ arguments: [String], input: String = "",
    environment: [String: String] = [:], prelude: String? = nil, seconds: Int = 60
  ) throws {
    let streams = try (0..<3).map { _ in try Scratch.descriptor() }
    defer { for stream in streams { close(stream) } }
    let bytes = Array(input.utf8)
    guard write(streams[0], bytes, bytes.count) == bytes.count else {
      throw SupportFailure("cannot write the input")
    }
    lseek(streams[0], 0, SEEK_SET)
    var words = [program] + arguments
    if let prelude { words = ["/bin/sh", "-c", prelude + "\nexec \"$@\"", "sh"] + words }
    let child = try Child(
      words, environment: Self.environment(environment),
      .descriptors(streams[0], streams[1], streams[2]))
    status = try child.wait(seconds: seconds)
    outputBytes = Self.content(streams[1])
    errorBytes = Self.content(streams[2])
  }

  /// Runs pvmlua.
  init(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    prelude: String? = nil
  ) throws {
    try self.init(
      Program.pvmlua, arguments, input: input, environment: environment, prelude: prelude)
  }

  /// Throws unless it ended well.
  func check() throws {
    guard status == .exited(0) else { throw SupportFailure("\(status): \(error)") }
  }

  /// A small environment, the same for everyone.
  static func environment(_ extra: [String: String]) -> [String: String] {
    var variables = ["LC_ALL": "C.UTF-8", "TERM": "dumb"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
      variables[name] = getenv(name).map { String(cString: $0) }
    }
    return variables.merging(extra) { $1 }
  }

  private static func content(_ descriptor: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(max(lseek(descriptor, 0, SEEK_END), 0)))
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(count, 0)))
  }
}
