/// The content of a struct or of one of its fields.
public indirect enum StructValue: Hashable, Sendable {
  /// A single value.
  case scalar(ScalarValue)
  /// Bytes, or text as UTF-8 without its terminator.
  case bytes([UInt8])
  /// The elements of an array.
  case list([StructValue])
  /// The fields of a struct; for writing it may leave some out, which are then not touched.
  case record([Member])

  /// One field of a record.
  public struct Member: Hashable, Sendable {
    /// What the field is called.
    public let key: StructLayout.Key
    /// What it holds.
    public let value: StructValue

    /// The field `key` with this content.
    public init(key: StructLayout.Key, value: StructValue) {
      self.key = key
      self.value = value
    }
  }

  /// The content of the field with this key; nil when there is none, or this is no record.
  public subscript(key: StructLayout.Key) -> StructValue? {
    guard case .record(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The content of the field with this name; nil when there is none, or this is no record.
  public subscript(name: String) -> StructValue? { self[.name(name)] }
}
