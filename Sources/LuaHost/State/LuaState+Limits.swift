internal import CLuaBridge

extension LuaState {
  /// Takes out of the standard libraries what reaches beyond the program, for ever: files, programs,
  /// the environment, C modules, and of `debug` all but `traceback`.
  /// - Parameter folder: where `require` finds modules, without symbolic links; nil: nowhere.
  public func confine(modulesIn folder: String?) throws(InstallationError) {
    guard let pointer = unsafe pointer else { return }
    let isDone =
      if let folder {
        unsafe folder.withCStringAndCount { path, _ in unsafe pvl_confine(pointer, path) }
      } else {
        unsafe pvl_confine(pointer, nil)
      }
    guard isDone else { throw InstallationError.outOfMemory }
  }

  /// How many bytes Lua may hold; nil: any number.
  public var memoryLimit: Int? {
    guard let pointer = unsafe pointer else { return nil }
    let bytes = unsafe pvl_memory_limit(pointer)
    return bytes > 0 ? Int(clamping: bytes) : nil
  }

  /// Lets Lua's thread, which is this one, use so many seconds of the processor from now on. Then
  /// every run fails at once, whatever it catches; see `setOutOfTime` for what cannot be interrupted.
  /// - Returns: false where no thread can be started to watch over it.
  public func limitTime(seconds: Double) -> Bool {
    guard let pointer = unsafe pointer else { return false }
    return unsafe pvl_limit_time(pointer, seconds)
  }

  /// What is called, on another thread, when code that cannot be interrupted goes on for 2 seconds of
  /// the processor beyond the limit. It has to end the program, without waiting for Lua's thread.
  public static func setOutOfTime(_ handler: @escaping @convention(c) () -> Void) {
    pvl_set_out_of_time(handler)
  }

  /// How many seconds of the processor are left; nil: any number.
  public var secondsLeft: Double? {
    var seconds = 0.0
    guard let pointer = unsafe pointer, unsafe pvl_time_left(pointer, &seconds) else { return nil }
    return seconds
  }
}
