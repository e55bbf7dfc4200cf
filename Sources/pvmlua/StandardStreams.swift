@preconcurrency import Glibc

/// The three descriptors every program is given, which may be closed, full or gone.
enum StandardStreams {
  /// Fills a closed descriptor with one that fails, so that no file opened later takes its number: a
  /// script's print must never reach the memory of a process.
  static func fillGaps() {
    for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_RDONLY)]
    where fcntl(Int32(descriptor), F_GETFD) == -1 {
      // The lowest free number is this one: those below it are open.
      _ = open("/dev/null", mode)
    }
  }

  /// Writes bytes to standard output, in order with what scripts print.
  static func write(_ bytes: [UInt8]) {
    fwrite(bytes, 1, bytes.count, stdout)
  }

  /// Writes a line to standard output that somebody waits for.
  static func report(_ line: String) {
    write(Array((line + "\n").utf8))
    fflush(stdout)
  }

  /// Ends the program with a text: for status 0 on standard output, else on standard error.
  static func leave(_ text: String, _ status: Int32) {
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, status == 0 ? stdout : stderr)
    exit(status)
  }

  /// Has the end of the program, by whatever way, look whether everything printed was written.
  ///
  /// SIGPIPE is left as it was inherited: in a pipeline such as `| head -1` it ends us without a word,
  /// as it ends other filters. Where it is ignored, the failure shows here.
  static func checkOutputAtExit() {
    atexit {
      guard let reason = StandardStreams.outputFailure() else { return }
      Complaint("cannot write to standard output" + reason).write()
      _exit(ExitStatus.failure)
    }
  }

  /// Why not all of standard output was written; nil when it was.
  private static func outputFailure() -> String? {
    errno = 0
    if fflush(stdout) != 0 { return ": " + String(cString: strerror(errno)) }
    guard ferror(stdout) != 0 else { return nil }
    return lateReason().map { ": " + String(cString: strerror($0)) } ?? ""
  }

  /// The stream only remembers that a write failed. What can be asked again is asked again.
  private static func lateReason() -> Int32? {
    let flags = fcntl(STDOUT_FILENO, F_GETFL)
    if flags == -1 || flags & O_ACCMODE == O_RDONLY { return EBADF }
    var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    if poll(&state, 1, 0) == 1, Int32(state.revents) & POLLERR != 0 { return EPIPE }
    var space = statvfs()
    guard fstatvfs(STDOUT_FILENO, &space) == 0 else { return nil }
    return space.f_blocks > 0 && space.f_bavail == 0 ? ENOSPC : nil
  }
}
