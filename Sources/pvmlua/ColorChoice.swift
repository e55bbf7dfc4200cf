import Glibc

/// When messages are colored: `--color`.
enum ColorChoice: String, CaseIterable {
  case auto, always, never

  /// Whether what is written to a descriptor is colored. The variable NO_COLOR, if set to anything,
  /// speaks against (no-color.org).
  func applies(to descriptor: Int32) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto: isatty(descriptor) == 1 && (getenv("NO_COLOR").map { $0[0] == 0 } ?? true)
    }
  }
}
