/// What a process or thread is doing.
public enum ProcessState: Hashable, Sendable {
  /// `R`: running or ready to.
  case running
  /// `S`: waiting; a signal wakes it.
  case sleeping
  /// `D`: waiting where no signal reaches it.
  case diskSleep
  /// `T`: stopped by a signal.
  case stopped
  /// `t`: stopped by a tracer.
  case traced
  /// `Z`: ended, its parent has not asked for the exit status yet.
  case zombie
  /// `X`: ended.
  case dead
  /// `I`: an idle thread of the kernel.
  case idle
  /// A letter this version does not know.
  case unknown(UInt8)

  /// The state with this letter.
  public init(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "R"): self = .running
    case UInt8(ascii: "S"): self = .sleeping
    case UInt8(ascii: "D"): self = .diskSleep
    case UInt8(ascii: "T"): self = .stopped
    case UInt8(ascii: "t"): self = .traced
    case UInt8(ascii: "Z"): self = .zombie
    case UInt8(ascii: "X"), UInt8(ascii: "x"): self = .dead
    case UInt8(ascii: "I"): self = .idle
    default: self = .unknown(letter)
    }
  }

  /// Whether it has ended.
  public var hasEnded: Bool { self == .zombie || self == .dead }
}
