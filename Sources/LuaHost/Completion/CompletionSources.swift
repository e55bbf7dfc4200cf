/// What the host knows beside the language: asked while a person waits, so it must be quick.
public struct CompletionSources {
  /// The files and folders whose path begins with a text.
  public var files: (String) -> [Candidate] = { _ in [] }
  /// What `require` would find, by the beginning of its name.
  public var libraries: (String) -> [Candidate] = { _ in [] }
  /// What fits a parameter that takes a text: processes, modules, addresses.
  /// The object is the one whose method is called, where it is known.
  public var values: (ParameterText, AnyObject?, String) -> [Candidate] = { _, _, _ in [] }

  public init() {}
}
