@preconcurrency import Glibc

/// While a line is typed on a terminal, Ctrl-C ends the waiting for it and does nothing else.
///
/// SIGINT is blocked but for the time of the waiting itself, so it is never missed. Where standard
/// input is no terminal nothing is done, and Ctrl-C ends the program.
struct InterruptWatch {
  private let isTerminal = isatty(STDIN_FILENO) == 1
  private var formerAction = sigaction()
  private var formerMask = sigset_t()

  static func begin() -> InterruptWatch {
    var watch = InterruptWatch()
    guard watch.isTerminal else { return watch }
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    sigprocmask(SIG_BLOCK, &mask, &watch.formerMask)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGINT, &action, &watch.formerAction)
    return watch
  }

  /// Waits until there is something to read; false: Ctrl-C came instead.
  func awaitInput() -> Bool {
    guard isTerminal, stdin.pointee._IO_read_ptr == stdin.pointee._IO_read_end else { return true }
    var open = formerMask
    var descriptors = fd_set()
    descriptors.__fds_bits.0 = 1 << STDIN_FILENO
    let ready = pselect(STDIN_FILENO + 1, &descriptors, nil, nil, nil, &open)
    if ready < 0 && errno == EINTR { return false }
    // With a line there at once, the kernel answers without letting the signal through.
    var pending = sigset_t()
    return sigpending(&pending) != 0 || sigismember(&pending, SIGINT) != 1
  }

  func end() {
    guard isTerminal else { return }
    var (action, mask) = (formerAction, formerMask)
    sigprocmask(SIG_SETMASK, &mask, nil)
    sigaction(SIGINT, &action, nil)
  }
}
