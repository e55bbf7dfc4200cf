/// What is wrong with a layout, or with a value that should be written by it.
public struct StructLayoutError: Error, Hashable, Sendable {
  /// The way to the field: its key, after those of the structs and arrays it lies in.
  public let path: [StructLayout.Key]
  /// What is wrong with it.
  public let problem: String

  /// The error about the field at the end of `path`; about the whole when that is empty.
  public init(path: [StructLayout.Key], problem: String) {
    self.path = path
    self.problem = problem
  }

  /// The same error seen from the struct or array that holds the field under `key`.
  func inside(_ key: StructLayout.Key) -> StructLayoutError {
    StructLayoutError(path: [key] + path, problem: problem)
  }
}

extension StructLayoutError: CustomStringConvertible {
  /// `field pos.x: 1.5 is not a whole number, and i32 takes -2147483648 to 2147483647`.
  public var description: String {
    if path.isEmpty { return problem }
    var text = "field "
    for (position, key) in path.enumerated() {
      switch key {
      case .name(let name): text += (position > 0 ? "." : "") + name
      case .index(let index): text += "[\(index)]"
      }
    }
    return text + ": " + problem
  }
}
