/// What is asked of a field of a struct.
public indirect enum RecordCondition: Hashable, Sendable {
  /// A value of a type.
  case value(ScalarFormat, ValueCondition)
  /// Bytes that fit a pattern.
  case bytes(BytePattern)
  /// An address.
  case pointer(PointerCondition)
  /// Anything that does not meet the condition.
  case not(RecordCondition)

  /// How many bytes of the struct are looked at.
  public func byteCount(pointerWidth: PointerWidth) -> Int {
    switch self {
    case .value(let format, _): format.byteCount(pointerWidth: pointerWidth)
    case .bytes(let pattern): pattern.bytes.count
    case .pointer: pointerWidth.bytes
    case .not(let condition): condition.byteCount(pointerWidth: pointerWidth)
    }
  }

  /// What makes no sense in it, in words; nil when nothing does.
  var problem: String? {
    switch self {
    case .value, .bytes: nil
    case .pointer(let condition): condition.target?.problem
    case .not(let condition): condition.problem
    }
  }
}

/// What is asked of an address that lies in a field.
///
/// Its bytes are in the target's order and as many as its pointers have.
public struct PointerCondition: Hashable, Sendable {
  /// The regions it must point into; nil for anything mapped. A range of the filter, and ranges it
  /// excludes, are kept to the byte. Regions are looked up when a search begins.
  public var into: RegionFilter?
  /// What must lie there; nil for anything.
  public var target: PointeeCondition?
  /// Whether a null pointer will do too.
  public var isNullable: Bool

  /// A pointer; by default to anything mapped, and not null.
  public init(
    into: RegionFilter? = nil, to target: PointeeCondition? = nil, isNullable: Bool = false
  ) {
    self.into = into
    self.target = target
    self.isNullable = isNullable
  }
}

/// What is asked of the memory a field points at. Only memory that holds something is looked at;
/// see `SurveyOptions` for what that leaves out.
public enum PointeeCondition: Hashable, Sendable {
  /// A text in UTF-8, stored in an encoding; with its terminator behind it unless more may follow.
  /// At least 1 and, stored, at most 4096 bytes.
  case text([UInt8], TextEncoding, isTerminated: Bool)
  /// At least so many printable characters, 1 to 1024, one after the other; tabs and line ends are
  /// taken as printable.
  case printableText(minimumCount: Int, TextEncoding)
  /// A value of a type.
  case value(ScalarFormat, ValueCondition)
  /// Bytes that fit a pattern.
  case bytes(BytePattern)

  /// The longest text, in bytes as it is stored.
  public static let longestText = 4096
  /// The most printable characters that can be asked for.
  public static let mostCharacters = 1024

  /// How many bytes have to be looked at; they need not all be readable when fewer tell.
  public func byteCount(pointerWidth: PointerWidth) -> Int {
    switch self {
    case .text(let text, let encoding, let isTerminated):
      ((try? encoding.encode(text))?.count ?? 0) &+ (isTerminated ? encoding.unitBytes : 0)
    case .printableText(let count, let encoding):
      encoding == .latin1 || encoding == .bytes ? count : 4 &* count
    case .value(let format, _): format.byteCount(pointerWidth: pointerWidth)
    case .bytes(let pattern): pattern.bytes.count
    }
  }

  /// What makes no sense in it, in words; nil when nothing does.
  var problem: String? {
    switch self {
    case .text(let text, let encoding, _):
      do throws(TextEncodingError) {
        let count = try encoding.encode(text).count
        return 1...Self.longestText ~= count
          ? nil : "a text pointed at has 1 to \(Self.longestText) bytes, got \(count)"
      } catch {
        return "\(error)"
      }
    case .printableText(let count, _):
      return 1...Self.mostCharacters ~= count
        ? nil : "1 to \(Self.mostCharacters) printable characters can be asked for, got \(count)"
    case .value, .bytes: return nil
    }
  }
}

extension RecordCondition: CustomStringConvertible {
  /// `i32 = 5`, `48 8b ??`, `pointer into heap`, `not pointer to "Bob"`.
  public var description: String {
    switch self {
    case .value(let format, let condition): "\(format) \(condition)"
    case .bytes(let pattern): "\(pattern)"
    case .pointer(let condition): "\(condition)"
    case .not(let condition): "not \(condition)"
    }
  }
}

extension PointerCondition: CustomStringConvertible {
  /// `pointer`, `pointer into heap`, `pointer to "Bob" or null`.
  public var description: String {
    var text = "pointer"
    if let into { text += " into \(into.words)" }
    if let target { text += " to \(target)" }
    return isNullable ? text + " or null" : text
  }
}

extension PointeeCondition: CustomStringConvertible {
  /// `"Bob"`, `8 printable utf16le characters`, `i32 = 5`.
  public var description: String {
    switch self {
    case .text(let text, let encoding, let isTerminated):
      "\(encoding == .utf8 ? "" : "\(encoding.rawValue) ")\"\(printable(text))\""
        + (isTerminated ? "" : " and more")
    case .printableText(let count, let encoding):
      "\(count) printable \(encoding.rawValue) characters"
    case .value(let format, let condition): "\(format) \(condition)"
    case .bytes(let pattern): "\(pattern)"
    }
  }
}

extension RegionFilter {
  /// What is wanted, in a few words: `heap`, `libc.so.6`, `anon or heap in 0x1000-0x2000`.
  fileprivate var words: String {
    var parts: [String] = []
    if !kinds.isEmpty {
      parts.append(kinds.map(\.rawValue).sorted().joined(separator: " or "))
    }
    if let module { parts.append(module) }
    if let file { parts.append("\"\(printable(file.bytes))\"") }
    if let range { parts.append("\(range)") }
    if let permissions {
      let wanted: [(Permissions, String)] = [
        (.read, "r"), (.write, "w"), (.execute, "x"), (.shared, "s"),
      ]
      parts.append(
        wanted.map { permissions.required.contains($0.0) ? $0.1 : "" }.joined() + " regions")
    }
    return parts.isEmpty ? "certain regions" : parts.joined(separator: " in ")
  }
}
