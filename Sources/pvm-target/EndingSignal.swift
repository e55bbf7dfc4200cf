import Glibc

nonisolated(unsafe) private var lastSignal: Int32 = 0

/// SIGINT, SIGTERM and SIGHUP, put off until files made by a layout are removed.
enum EndingSignal {
  static func postpone() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { lastSignal = $0 } }
  }

  static var received: Int32? { lastSignal == 0 ? nil : lastSignal }

  /// Ends the program by the signal's own default action.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }
}
