import Glibc

/// Carries a value to another thread; the giver must not use it again.
struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value
}

private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a detached POSIX thread.
func startThread(_ run: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let body = Unmanaged.passRetained(ThreadBody(run)).toOpaque()
  let code = pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
      return nil
    }, body)
  guard code == 0 else { fail("pthread_create: \(errorText(code))") }
  pthread_detach(thread)
}

/// Waits until the kernel shows the process's first thread as ended.
func awaitLeaderExit() {
  let path = "/proc/self/task/\(getpid())/stat"
  while true {
    var text = [UInt8](repeating: 0, count: 512)
    let descriptor = open(path, O_RDONLY)
    let count = read(descriptor, &text, text.count)
    close(descriptor)
    if count <= 0 { return }
    let afterName = text.prefix(count).lastIndex(of: UInt8(ascii: ")")) ?? 0
    if text[min(afterName + 2, count - 1)] == UInt8(ascii: "Z") { return }
    usleep(1000)
  }
}
