import LuaHost
import MemoryModel
import RemoteMemory

/// How a child is to be started, as a script's table of options says it.
struct SpawnOptions {
  let environment: [[UInt8]]?
  let directory: [UInt8]?
  let input, output, error: String
  let terminal: SpawnRequest.TerminalSize?
  let diesWithParent: Bool
  let rights: WriteRights

  init(
    _ environment: [[UInt8]]?, _ directory: [UInt8]?, _ input: String, _ output: String,
    _ error: String, _ terminal: SpawnRequest.TerminalSize?, _ diesWithParent: Bool,
    _ isReadOnly: Bool, _ isDryRun: Bool, _ confirm: KeptFunction?
  ) {
    self.environment = environment
    self.directory = directory
    self.input = input
    self.output = output
    self.error = error
    self.terminal = terminal
    self.diesWithParent = diesWithParent
    rights = WriteRights(isReadOnly, isDryRun, confirm)
  }

  func request(for command: [[UInt8]]) -> SpawnRequest {
    var request = SpawnRequest(command)
    request.environment = environment
    request.directory = directory
    request.input = SpawnRequest.Stream(word: input)
    request.output = SpawnRequest.Stream(word: output)
    request.error = SpawnRequest.Stream(word: error)
    request.terminal = terminal
    request.diesWithParent = diesWithParent
    return request
  }
}

extension SpawnRequest.Stream {
  init(word: String) {
    self = word == "pipe" ? .pipe : word == "null" ? .null : .inherit
  }
}

extension ArgumentType where Value == String {
  static var stream: ArgumentType<String> { .word(["inherit", "null", "pipe"]) }
}

extension ArgumentType where Value == SpawnRequest.TerminalSize? {
  /// true, or {columns=, rows=}; false for none.
  static var terminalSize: ArgumentType<SpawnRequest.TerminalSize?> {
    let side = ArgumentType<Int64>.integer(1...1000, "the size")
    let size = Parameter<(Int64, Int64)>.options(
      "in characters", Parameter("columns", side, "across", default: 80),
      Parameter("rows", side, "down", default: 24))
    return ArgumentType("true or {columns=80, rows=24}", annotation: "boolean|table") {
      call, index in
      if call.kind(at: index) == .boolean { return call.truth(at: index) ? .init() : nil }
      let (columns, rows) = try call.readOptions(size, at: index)
      return .init(columns: UInt16(columns), rows: UInt16(rows))
    }
  }
}

extension ArgumentType where Value == [[UInt8]] {
  /// {program, argument, ...}
  static var command: ArgumentType<[[UInt8]]> {
    ArgumentType<LuaValue>.table.map("{program, argument, ...}", annotation: "string[]") { value in
      guard case .table(let table) = value, !table.array.isEmpty, table.fields.isEmpty else {
        throw ArgumentMismatch("a command is {program, argument, ...}")
      }
      return try table.array.enumerated().map { index, word in
        switch word {
        case .bytes(let bytes): return bytes
        case .integer(let number): return Array("\(number)".utf8)
        case .number(let number): return Array("\(number)".utf8)
        default:
          throw ArgumentMismatch("argument \(index + 1) is a \(word.typeName), not a string")
        }
      }
    }
  }

  /// {NAME=value}
  static var environment: ArgumentType<[[UInt8]]> {
    ArgumentType<LuaValue>.table.map("{NAME=value}", annotation: "table<string, string>") { value in
      guard case .table(let table) = value, table.array.isEmpty else {
        throw ArgumentMismatch("an environment is {NAME=value}")
      }
      return try table.fields.sorted { $0.name < $1.name }.map { name, value in
        guard case .bytes(let bytes) = value else {
          throw ArgumentMismatch("'\(name)' is a \(value.typeName), not a string")
        }
        return Array("\(name)=".utf8) + bytes
      }
    }
  }
}
