import LuaHost
import MemoryModel
import RemoteMemory

/// What a patch is to put at a place, as a script says it.
enum PatchContent {
  case pattern(BytePattern)
  case value(ScalarValue, ScalarFormat)

  private init?(
    _ pattern: BytePattern?, _ value: ScalarValue?, _ format: ScalarFormat?
  ) throws {
    switch (pattern, value) {
    case (nil, nil):
      if format != nil { throw ArgumentMismatch("type= goes with value=") }
      return nil
    case (let pattern?, nil): self = .pattern(pattern)
    case (nil, let value?):
      guard let format else { throw ArgumentMismatch("value= needs type=") }
      self = .value(value, format)
    default: throw ArgumentMismatch("bytes= and value= exclude each other")
    }
  }

  static var parameter: Parameter<PatchContent?> {
    Parameter<(BytePattern?, ScalarValue?, ScalarFormat?)>.options(
      "",
      .optional("bytes", .bytePattern, "the new bytes: \"90 90\"; ?? leaves a byte as it is"),
      .optional("value", .scalarValue, "or a value, of type="),
      .optional("type", .scalar, "\"i32\", \"f32\" ...")
    ).map(PatchContent.init)
  }

  /// The new bytes.
  /// - Parameter expected: what has to be there.
  func pattern(at address: Address, of source: any MemorySource, expected: BytePattern?) throws
    -> BytePattern
  {
    switch self {
    case .pattern(let pattern): return pattern
    case .value(let value, let format):
      do {
        return try BytePattern(
          format.encode(
            value, pointerWidth: source.pointerWidth, targetOrder: source.byteOrder))
      } catch let error as ScalarRangeError { throw ArgumentMismatch("option 'value': \(error)") }
    }
  }
}
