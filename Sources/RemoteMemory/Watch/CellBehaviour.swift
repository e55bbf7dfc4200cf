/// How a value behaved while it was tracked.
public enum CellBehaviour: String, CaseIterable, Hashable, Sendable {
  /// Moved three times or more, always in one direction, and no step was more than twice another:
  /// a clock, a score, a count of frames.
  case counter
  /// Only rose, at least twice.
  case rising
  /// Only fell, at least twice.
  case falling
  /// Changed at least twice between two values: a flag.
  case toggling
  /// Changed a single time.
  case once
  /// Anything else.
  case noisy
}
