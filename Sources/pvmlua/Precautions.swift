import Glibc
import MemoryModel

/// Why the program refuses to start at all.
enum Precautions {
  /// A reason with advice, or nil.
  static func refusal() -> String? { borrowedPower() ?? smallStack() }

  // MARK: Privileges

  /// Scripts run with whatever power the program has, and can be handed to it by anyone who may run
  /// it: by LUA_INIT, LUA_CPATH, or a module in the current folder. So it must not have more power
  /// than its user.
  private static func borrowedPower() -> String? {
    if let what = privilege() {
      return """
        refusing to run with \(what): every local user's script would get it
          remove it (setcap -r, chmod u-s,g-s) and use sudo for single runs
        """
    }
    return nil
  }

  private static func privilege() -> String? {
    if geteuid() != getuid() || getegid() != getgid() { return "a set-user-ID or set-group-ID bit" }
    if hasPermittedCapabilities { return "capabilities as an ordinary user" }
    if isSecureExecution { return "privileges of its file (AT_SECURE)" }
    return nil
  }

  /// What the kernel said when it started us: the file gave us something. getauxval(3) stands in a
  /// header that Swift's Glibc module leaves out, so it is looked up by name.
  private static var isSecureExecution: Bool {
    guard let symbol = dlsym(nil, "getauxval") else { return false }
    let secureEntry: UInt = 23  // AT_SECURE
    typealias Lookup = @convention(c) (UInt) -> UInt
    return unsafeBitCast(symbol, to: Lookup.self)(secureEntry) != 0
  }

  /// Root's own do not count. Where /proc is missing, AT_SECURE still tells of file capabilities.
  private static var hasPermittedCapabilities: Bool {
    guard getuid() != 0, let text = ownStatus() else { return false }
    return (ProcessStatus(text).permittedCapabilities ?? 0) != 0
  }

  /// The start of /proc/self/status, which is less than two KiB.
  private static func ownStatus() -> [UInt8]? {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }

  // MARK: Limits

  /// Lua recurses up to 200 levels deep in C. Where the stack is limited to less than that needs, a
  /// script could crash the program, so it is raised or refused.
  private static func smallStack() -> String? {
    let stackLimit = __rlimit_resource_t(3)  // RLIMIT_STACK
    let needed: rlim_t = 1 << 20
    var limit = rlimit()
    guard getrlimit(stackLimit, &limit) == 0, limit.rlim_cur < needed else { return nil }
    let found = limit.rlim_cur >> 10
    limit.rlim_cur = min(limit.rlim_max, 8 << 20)
    if limit.rlim_cur >= needed, setrlimit(stackLimit, &limit) == 0 { return nil }
    return """
      the stack is limited to \(found) KiB, and Lua needs 1024 KiB
        raise the limit: ulimit -s 8192
      """
  }
}
