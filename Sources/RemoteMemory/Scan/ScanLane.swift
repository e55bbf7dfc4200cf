import MemoryModel

/// One thing a scan looks for: a type with a condition, or a pattern.
public struct ScanLane: Sendable {
  /// What values of hits are to be remembered for later comparisons.
  enum Remembering: Sendable {
    /// None.
    case nothing
    /// All have this one; the bytes as they lie in memory, the first in the lowest 8 bits.
    case constant(UInt64)
    /// Each its own.
    case values
  }

  let label: String
  let element: HitElement
  let step: Int
  let width: Int
  /// Nil when every candidate is a hit.
  let matcher: (any CandidateMatcher)?
  let remembering: Remembering
  /// How the program stores the values.
  let encoding: StoredEncoding

  init(
    label: String, element: HitElement, step: Int, width: Int,
    matcher: (any CandidateMatcher)?, remembering: Remembering, encoding: StoredEncoding = .none
  ) {
    self.label = label
    self.element = element
    self.step = max(step, 1)
    self.width = max(width, 1)
    self.matcher = matcher
    self.remembering = remembering
    self.encoding = encoding
  }

  /// A lane with these hits. Only what is no scalar is tested by its matcher later.
  func lane(_ chunks: [HitChunk]) -> HitLane {
    var constant: UInt64 = 0
    if case .constant(let word) = remembering { constant = word }
    return HitLane(
      label: label, element: element, step: step, width: width,
      matcher: element.format == nil ? matcher : nil, constant: constant,
      encoding: encoding, chunks: chunks)
  }

  /// How its hits are to be recorded.
  func recorder(capturing: Bool) -> HitRecorder {
    let keeping: HitRecorder.Keeping =
      switch remembering {
      case .nothing: .nothing
      case .constant: .constant
      case .values: capturing ? .blocks : .values
      }
    return HitRecorder(step: step, valueWidth: width, keeping: keeping)
  }
}
