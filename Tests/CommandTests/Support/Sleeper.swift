import Glibc

/// A process that sleeps, ended with the test.
final class Sleeper {
  let child: Child
  var pid: String { "\(child.pid)" }

  /// Starts it under a name of its own, by which it can be found.
  init(_ name: String = "sleep") throws {
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    child = try Child(
      ["/bin/bash", "-c", "exec -a \(name) sleep 600"], environment: Run.environment([:]),
      .descriptors(null, null, null))
    for _ in 0..<5000 {
      if hasStarted(as: name) { return }
      usleep(1000)
    }
    throw SupportFailure("the sleeper did not become \(name)")
  }

  private func hasStarted(as name: String) -> Bool {
    procText("/proc/\(child.pid)/cmdline").split(separator: "\0").first.map(String.init) == name
  }

  deinit { child.kill() }
}
