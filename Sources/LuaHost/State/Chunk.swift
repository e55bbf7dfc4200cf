internal import CLuaBridge

/// A piece of Lua source to run. Bytecode is refused wherever it comes from.
public struct Chunk {
  enum Source {
    case text([UInt8], name: String)
    case file([UInt8])
    case standardInput
  }

  let source: Source
  /// Read as an expression first ("return ..."), as a prompt does.
  public var triesExpression = false
  /// Hand what it returns to print.
  public var printsResults = false
  /// Or to this function.
  public var resultsTo: KeptFunction?
  /// Call it with arg[1], arg[2] ...
  public var passesArguments = false

  /// Text; `name` as luaL_loadbuffer(3) takes it: "=(command line)", "@file.lua".
  public static func text(_ text: String, name: String) -> Chunk {
    Chunk(source: .text(Array(text.utf8), name: name))
  }

  /// Text of any bytes.
  public static func bytes(_ bytes: [UInt8], name: String) -> Chunk {
    Chunk(source: .text(bytes, name: name))
  }

  /// A file; a first line that starts with # is skipped.
  public static func file(_ path: String) -> Chunk { .file(Array(path.utf8)) }

  /// A file by the bytes of its path.
  public static func file(_ path: [UInt8]) -> Chunk { Chunk(source: .file(path)) }

  /// Everything on standard input.
  public static var standardInput: Chunk { Chunk(source: .standardInput) }

  /// The same chunk with its properties set.
  public func with(
    triesExpression: Bool = false, printsResults: Bool = false, passesArguments: Bool = false
  ) -> Chunk {
    var chunk = self
    chunk.triesExpression = triesExpression
    chunk.printsResults = printsResults
    chunk.passesArguments = passesArguments
    return chunk
  }
}

/// How a protected run ended.
public enum Outcome: Equatable, Sendable {
  case completed
  /// The error's text, with a traceback where Lua's own interpreter gives one.
  case failed([UInt8])
  /// The text ends too early: a prompt asks for more.
  case incomplete([UInt8])
  /// Ctrl-C.
  case interrupted([UInt8])

  /// The message, empty when completed.
  public var message: [UInt8] {
    switch self {
    case .completed: []
    case .failed(let text), .incomplete(let text), .interrupted(let text): text
    }
  }
}

extension LuaState {
  /// Loads and runs a chunk under protection, as the outermost run: Ctrl-C stops it.
  public func run(_ chunk: Chunk) -> Outcome {
    guard let pointer = unsafe pointer else { return .failed(Array("the state is closed".utf8)) }
    var source = unsafe pvl_source()
    unsafe source.as_expression = chunk.triesExpression
    unsafe source.print_results = chunk.printsResults || chunk.resultsTo != nil
    unsafe source.results_to = chunk.resultsTo?.reference ?? 0
    defer { extendLifetime(chunk.resultsTo) }
    unsafe source.pass_arguments = chunk.passesArguments
    switch chunk.source {
    case .standardInput:
      unsafe source.kind = PVL_SOURCE_STDIN
      return outcome(unsafe pvl_run(pointer, &source))
    case .file(let path):
      unsafe source.kind = PVL_SOURCE_FILE
      return unsafe (path + [0]).withUnsafeBytes { path in
        unsafe source.bytes = path.assumingMemoryBound(to: CChar.self).baseAddress
        unsafe source.count = path.count - 1
        return outcome(unsafe pvl_run(pointer, &source))
      }
    case .text(let bytes, let name):
      return unsafe run(bytes, name: name, &source, in: pointer)
    }
  }

  private func run(
    _ bytes: [UInt8], name: String, _ source: inout pvl_source, in pointer: OpaquePointer
  ) -> Outcome {
    unsafe source.kind = PVL_SOURCE_BUFFER
    return unsafe name.withCStringAndCount { name, _ in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe source.name = name
        unsafe source.bytes = bytes.assumingMemoryBound(to: CChar.self).baseAddress
        unsafe source.count = bytes.count
        return outcome(unsafe pvl_run(pointer, &source))
      }
    }
  }

  func outcome(_ status: pvl_status) -> Outcome {
    switch status {
    case PVL_OK: .completed
    case PVL_INCOMPLETE: .incomplete(lastError)
    case PVL_INTERRUPTED: .interrupted(lastError)
    default: .failed(lastError)
    }
  }

  var lastError: [UInt8] {
    guard let pointer = unsafe pointer else { return [] }
    let text = unsafe pvl_last_error(pointer)
    return unsafe Array(UnsafeRawBufferPointer(start: text.bytes, count: text.count))
  }

  /// `global = require(module)`.
  public func require(_ module: String, as global: String) -> Outcome {
    guard let pointer = unsafe pointer else { return .failed([]) }
    return unsafe module.withCStringAndCount { module, _ in
      unsafe global.withCStringAndCount { global, _ in
        outcome(unsafe pvl_require(pointer, global, module))
      }
    }
  }

  /// Sets the global table `arg`: `arguments[script]` becomes arg[0], what is before it has negative
  /// indices.
  public func setArguments(_ arguments: [[UInt8]], script: Int) -> Outcome {
    guard let pointer = unsafe pointer else { return .failed([]) }
    var copies = unsafe arguments.map { unsafe copy($0) }
    defer { for index in unsafe copies.indices { unsafe copies[index].deallocate() } }
    let count = Int32(clamping: arguments.count)
    return unsafe copies.withUnsafeMutableBufferPointer { texts in
      var pointers = unsafe texts.map { unsafe UnsafePointer<CChar>?($0) }
      return unsafe pointers.withUnsafeMutableBufferPointer {
        outcome(unsafe pvl_set_arguments(pointer, count, $0.baseAddress, Int32(clamping: script)))
      }
    }
  }

  /// The bytes as C takes them, with a zero behind them.
  private func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for index in bytes.indices { unsafe copy[index] = CChar(bitPattern: bytes[index]) }
    unsafe copy[bytes.count] = 0
    return unsafe copy
  }

  /// `name = object` among the globals.
  public func setGlobal<Object: AnyObject>(_ name: String, to object: Object) -> Outcome {
    guard let pointer = unsafe pointer, let id = classID(of: Object.self) else {
      return .failed([])
    }
    return unsafe name.withCStringAndCount { name, _ in
      outcome(
        unsafe pvl_set_global_object(
          pointer, name, id, Unmanaged.passRetained(object).toOpaque()))
    }
  }

  /// The text of a global, or nil where it is not a string.
  public func globalText(_ name: String) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe name.withCStringAndCount { name, _ in
      var text = unsafe pvl_text()
      guard unsafe pvl_global_text(pointer, name, &text) else { return nil }
      return unsafe String(
        decoding: UnsafeRawBufferPointer(start: text.bytes, count: text.count), as: UTF8.self)
    }
  }

  /// Lua's warnings on stderr (off at first).
  public func setWarnings(_ on: Bool) {
    if let pointer = unsafe pointer { unsafe pvl_set_warnings(pointer, on) }
  }
}
