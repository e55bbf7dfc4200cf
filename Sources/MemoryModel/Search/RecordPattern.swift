/// What a struct in memory looks like, as far as it is known: its size, and conditions that some of
/// its fields meet.
public struct RecordPattern: Hashable, Sendable {
  /// The size of the struct in bytes, 1 to 65536; all of it must be readable.
  public var byteCount: Int
  /// Addresses of structs are multiples of this, in bytes, 1 to 65536; nil for the width of the
  /// target's pointers.
  public var alignment: Int?
  /// The conditions, all of which must hold; at least one, at most 256. Several may look at the same
  /// bytes.
  public var fields: [RecordField]

  /// A struct of `byteCount` bytes with these fields.
  public init(byteCount: Int, alignment: Int? = nil, fields: [RecordField]) {
    self.byteCount = byteCount
    self.alignment = alignment
    self.fields = fields
  }

  /// The greatest size in bytes, and the greatest alignment.
  public static let mostBytes = 65_536
  /// The most fields.
  public static let mostFields = 256

  /// Checks what does not depend on the memory: sizes, offsets, texts.
  /// - Throws: `RecordPatternError`, which names the field.
  public func check(pointerWidth: PointerWidth) throws(RecordPatternError) {
    guard 1...Self.mostBytes ~= byteCount else { throw .size(byteCount) }
    if let alignment {
      guard 1...Self.mostBytes ~= alignment else { throw .alignment(alignment) }
    }
    guard 1...Self.mostFields ~= fields.count else { throw .fieldCount(fields.count) }
    for field in fields {
      let width = field.condition.byteCount(pointerWidth: pointerWidth)
      guard field.offset >= 0, width <= byteCount, field.offset <= byteCount &- width else {
        throw .outside(offset: field.offset, width: width, byteCount: byteCount)
      }
      if let problem = field.condition.problem { throw .field(offset: field.offset, problem) }
    }
  }
}

/// A condition on some bytes of a struct.
public struct RecordField: Hashable, Sendable {
  /// Where the bytes begin, counted from the start of the struct.
  public var offset: Int
  /// What is asked of them.
  public var condition: RecordCondition

  /// A field at `offset`.
  public init(offset: Int, _ condition: RecordCondition) {
    self.offset = offset
    self.condition = condition
  }
}

extension RecordPattern: CustomStringConvertible {
  /// `struct of 64 bytes: i32 between 1 and 999 at 0, pointer into heap at 8`.
  public var description: String {
    let parts = fields.map { "\($0.condition) at \($0.offset)" }
    return "struct of \(byteCount) bytes: \(parts.joined(separator: ", "))"
  }
}

/// Why a struct cannot be searched for.
public enum RecordPatternError: Error, Hashable, Sendable {
  /// The size is not 1 to 65536 bytes.
  case size(Int)
  /// The alignment is not 1 to 65536 bytes.
  case alignment(Int)
  /// There are no fields, or more than 256.
  case fieldCount(Int)
  /// A field reaches beyond the struct.
  case outside(offset: Int, width: Int, byteCount: Int)
  /// What one field asks for makes no sense, in words.
  case field(offset: Int, String)
}

extension RecordPatternError: CustomStringConvertible {
  /// One line: what is wrong, and what to do instead.
  public var description: String {
    switch self {
    case .size(let size): "a struct has 1 to \(RecordPattern.mostBytes) bytes, got \(size)"
    case .alignment(let alignment):
      "an alignment is 1 to \(RecordPattern.mostBytes) bytes, got \(alignment)"
    case .fieldCount(0): "a struct without conditions lies everywhere; give at least one field"
    case .fieldCount(let count):
      "at most \(RecordPattern.mostFields) fields can be asked for, got \(count)"
    case .outside(let offset, let width, let byteCount):
      "the field at \(offset) is \(width) bytes wide and does not fit a struct of \(byteCount)"
        + " bytes; raise its size"
    case .field(let offset, let problem): "the field at \(offset): \(problem)"
    }
  }
}
