import Glibc

/// How a process ended.
enum Status: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(signal: Int32)

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal: signal)
  }

  var description: String {
    switch self {
    case .exited(let code): "exit \(code)"
    case .killed(let signal): "signal \(signal)"
    }
  }
}

/// A failure of the tests' own machinery.
struct SupportFailure: Error, CustomStringConvertible {
  let description: String
  init(_ text: String) { description = text }
}

/// A child process with its descriptors 0 to 2 given.
struct Child {
  let pid: pid_t

  enum Streams {
    case descriptors(Int32, Int32, Int32)
    /// All three on a terminal, which becomes the controlling one of a new session.
    case terminal(String)
  }

  /// Starts a program with the signals and the mask of a fresh login.
  init(_ arguments: [String], environment: [String: String], _ streams: Streams) throws {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var flags = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    switch streams {
    case .descriptors(let input, let output, let error):
      posix_spawn_file_actions_adddup2(&actions, input, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, error, 2)
    case .terminal(let path):
      flags |= 0x80  // POSIX_SPAWN_SETSID
      posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, flags)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let failure = posix_spawnp(&pid, arguments[0], &actions, &attributes, &words, &variables)
    guard failure == 0 else {
      throw SupportFailure("cannot start \(arguments[0]): \(String(cString: strerror(failure)))")
    }
    self.pid = pid
  }

  /// Waits for the end; a child that takes longer is killed, and that is a failure.
  func wait(seconds: Int = 60) throws -> Status {
    for _ in 0..<(seconds * 500) {
      if let status = ended() { return status }
      usleep(2000)
    }
    kill()
    throw SupportFailure("process \(pid) did not end within \(seconds) s")
  }

  /// How it ended, or nil while it runs. Reaps it.
  func ended() -> Status? {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) == pid ? Status(waitStatus: status) : nil
  }

  /// Ends it for certain.
  func kill() {
    var status: Int32 = 0
    Glibc.kill(pid, SIGKILL)
    waitpid(pid, &status, 0)
  }
}
