@preconcurrency import Glibc
import LuaHost
import PVMModule
import RemoteMemory
import Synchronization

/// Takes back what was changed in other processes, and of the terminal, by whatever way the program ends: its own end,
/// exit(3), a second Ctrl-C, SIGTERM, SIGHUP. Against SIGKILL there is the journal.
enum Endings {
  /// Watches from the first change on; a program that changes nothing needs no thread for it.
  static func watchWhenNeeded() { StandingChanges.beforeFirst { begin() } }

  /// Watches from now on; again is harmless.
  static func begin() {
    if isWatching.exchange(true, ordering: .relaxed) { return }
    watch()
  }

  private static let isWatching = Atomic(false)

  private static func watch() {
    atexit { Endings.takeBack() }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
    // Signals are for the thread that runs Lua.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    let isRunning = pthread_create(&thread, nil, { _ in Endings.awaitSignal() }, nil) == 0
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard isRunning else { return }
    pthread_detach(thread)
    LuaState.setLastResort(onSignal)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = onSignal
    for number in [SIGTERM, SIGHUP] {
      var former = sigaction()
      sigaction(number, nil, &former)
      let isDefault = former.__sigaction_handler.sa_handler == nil
      if isDefault { sigaction(number, &action, nil) }
    }
  }

  /// The pipe through which a signal reaches the thread that may do more than a handler.
  nonisolated(unsafe) private static var reading: Int32 = -1
  nonisolated(unsafe) private static var writing: Int32 = -1

  private static let onSignal: @convention(c) (Int32) -> Void = { number in
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(writing, &byte, 1)
  }

  /// Takes all back and then dies of the signal, as a shell expects it.
  private static func awaitSignal() -> UnsafeMutableRawPointer? {
    var number: UInt8 = 0
    while read(reading, &number, 1) != 1 { if errno != EINTR { return nil } }
    // The functions of a trainer's cheats can only be called by the thread that Lua runs on.
    Session.askToEnd(seconds: 2)
    takeBack()
    signal(Int32(number), SIG_DFL)
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, Int32(number))
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    kill(getpid(), Int32(number))
    return nil
  }

  /// Ends a program that computes beyond its time limit where no interrupt reaches. Whatever holds its
  /// thread, this waits for nothing that may be in its hands.
  static func endWhenOutOfTime() {
    LuaState.setOutOfTime {
      let text = "pvmlua: the time limit was reached in code that cannot be interrupted; ending\n"
      _ = write(STDERR_FILENO, text, text.utf8.count)
      if Endings.writing < 0 { _exit(ExitStatus.failure) }
      Endings.onSignal(SIGTERM)
    }
  }

  /// Takes all back; again is harmless.
  static func takeBack() {
    TerminalScreen.restore()
    for words in Session.finish() { Complaint(words).write() }
  }
}
