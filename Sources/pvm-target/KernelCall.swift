import Glibc

/// System calls that the Glibc module does not show: those behind _GNU_SOURCE or with C varargs.
enum KernelCall {
  private typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
  private typealias Fork = @convention(c) () -> Int32

  #if arch(x86_64)
    private enum Number {
      static let exit = 60
      static let prctl = 157
      static let gettid = 186
      static let memfdCreate = 319
      static let memfdSecret = 447
    }
  #else
    private enum Number {
      static let exit = 93
      static let prctl = 167
      static let gettid = 178
      static let memfdCreate = 279
      static let memfdSecret = 447
    }
  #endif

  private static func call(_ number: Int, _ first: Int = 0, _ second: Int = 0) -> Int {
    // syscall(2) takes C varargs, which integers reach like ordinary arguments on our machines.
    let function = unsafeBitCast(dlsym(nil, "syscall"), to: Call.self)
    return function(number, first, second, 0, 0, 0, 0)
  }

  /// gettid(2)
  static func threadID() -> Int32 { Int32(truncatingIfNeeded: call(Number.gettid)) }

  /// _exit(2) of the calling thread alone, without unwinding.
  static func exitThisThread() -> Never {
    _ = call(Number.exit)
    fatalError()
  }

  /// memfd_create(2); the name's bytes are free.
  static func anonymousFile(_ name: [UInt8]) -> Int32 {
    (name + [0]).withUnsafeBytes { bytes in
      Int32(truncatingIfNeeded: call(Number.memfdCreate, Int(bitPattern: bytes.baseAddress)))
    }
  }

  /// memfd_secret(2); negative where the kernel has it not or has it switched off.
  static func secretFile() -> Int32 { Int32(truncatingIfNeeded: call(Number.memfdSecret)) }

  /// PR_SET_PDEATHSIG of prctl(2): we are killed when the thread that started us ends.
  static func dieWithParent() { _ = call(Number.prctl, 1, Int(SIGKILL)) }

  /// PR_SET_DUMPABLE of prctl(2), set to 0: only privileged processes may look into us.
  static func forbidInspection() { _ = call(Number.prctl, 4, 0) }

  /// fork(2), which Swift hides: the child may only make system calls and must not return.
  static func fork() -> Int32 {
    unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)()
  }
}
