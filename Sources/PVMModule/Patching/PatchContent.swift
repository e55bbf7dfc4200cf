import LuaHost
import MemoryModel
import RemoteMemory

/// What a patch is to put at a place, as a script says it.
enum PatchContent {
  case pattern(BytePattern)
  case value(ScalarValue, ScalarFormat)
  case code(PatchCode)

  private init?(
    _ pattern: BytePattern?, _ value: ScalarValue?, _ format: ScalarFormat?, _ code: PatchCode?
  ) throws {
    let given = [pattern != nil, value != nil, code != nil].filter { $0 }.count
    guard given <= 1 else { throw ArgumentMismatch("bytes=, value= and asm= exclude each other") }
    if format != nil, value == nil { throw ArgumentMismatch("type= goes with value=") }
    if let pattern {
      self = .pattern(pattern)
    } else if let value {
      guard let format else { throw ArgumentMismatch("value= needs type=") }
      self = .value(value, format)
    } else if let code {
      self = .code(code)
    } else {
      return nil
    }
  }

  static var parameter: Parameter<PatchContent?> {
    Parameter<(BytePattern?, ScalarValue?, ScalarFormat?, PatchCode?)>.optionGroups(
      "",
      .options(
        "", .optional("bytes", .bytePattern, "the new bytes: \"90 90\"; ?? leaves a byte as it is")),
      .options("", .optional("value", .scalarValue, "or a value, of type=")),
      .options("", .optional("type", .scalar, "\"i32\", \"f32\" ...")),
      PatchCode.parameter
    ).map(PatchContent.init)
  }

  /// The new bytes.
  /// - Parameter expected: what has to be there.
  func pattern(at address: Address, of handle: ProcessHandle, expected: BytePattern?) throws
    -> BytePattern
  {
    switch self {
    case .pattern(let pattern): return pattern
    case .value(let value, let format):
      let source = handle.source
      do {
        return try BytePattern(
          format.encode(value, pointerWidth: source.pointerWidth, targetOrder: source.byteOrder))
      } catch let error as ScalarRangeError { throw ArgumentMismatch("option 'value': \(error)") }
    case .code(let code):
      return try BytePattern(code.bytes(at: address, of: handle, room: expected?.count))
    }
  }
}

/// Instructions as text, and how many bytes they are to fill.
struct PatchCode {
  private let text: [UInt8]
  private let syntax: AssemblySyntax
  private let size: Int?

  private init?(_ text: [UInt8]?, _ syntax: AssemblySyntax, _ size: Int?) throws {
    guard let text else {
      if size != nil { throw ArgumentMismatch("fill= goes with asm=") }
      return nil
    }
    self.text = text
    self.syntax = syntax
    self.size = size
  }

  static var parameter: Parameter<PatchCode?> {
    Parameter<([UInt8]?, AssemblySyntax, Int?)>.options(
      "",
      .optional("asm", .bytes, "or instructions: \"xor eax, eax; ret\"; see `assemble`"),
      Parameter<AssemblySyntax>(
        "syntax", .syntax, "how x86 is written in asm=", default: .intel, "\"intel\""),
      .optional(
        "fill", ArgumentType<Int>.count("fill", from: 1, upTo: 4096),
        "bytes that asm= is to fill, the rest with instructions that do nothing; by default as many "
          + "as expect= has")
    ).map(PatchCode.init)
  }

  /// The instructions for an address, filled up.
  /// - Parameter room: how many bytes there are, unless the script said it.
  fileprivate func bytes(at address: Address, of handle: ProcessHandle, room: Int?) throws
    -> [UInt8]
  {
    let set = try handle.instructions()
    let code = try Assembler.assemble(
      text, at: address, for: set, syntax: syntax, interrupt: handle.source.interrupt)
    let size = size ?? room ?? code.count
    guard code.count <= size, let rest = set.nops(size - code.count) else {
      throw RemoteMemoryError(
        .patch, .invalid, process: handle.source.processID, address: address,
        requestedBytes: code.count,
        detail:
          "the instructions of asm= do not fill \(size) bytes as they must: what follows them "
          + "would be torn apart")
    }
    return code + rest
  }
}
