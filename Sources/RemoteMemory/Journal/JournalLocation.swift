/// Where the journal of changes is kept.
public enum JournalLocation: Hashable, Sendable {
  /// In the first of these folders that is ours, or can be made, with its parent folders; under a
  /// name of its own.
  case folders([String])
  /// In this file, which must be new, empty, or a journal in which nothing is left to undo.
  case file(String)
  /// Nowhere: what a killed program changed stays changed.
  case none
}
