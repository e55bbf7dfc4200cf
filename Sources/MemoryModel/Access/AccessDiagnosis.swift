/// Why a call was refused, in words, and what to do about it.
public struct AccessDiagnosis: Hashable, Sendable {
  /// The cause.
  public let cause: AccessCause
  /// One line that says what is in the way; names the process and the users concerned.
  public let message: String
  /// What to type or do next; nil when nothing helps.
  public let hint: String?

  /// The diagnosis from evidence; the same evidence always gives the same answer.
  public init(_ evidence: AccessEvidence) {
    let cause = AccessCause(evidence)
    self.cause = cause
    self.message = cause.message(evidence)
    self.hint = cause.hint(evidence)
  }
}
