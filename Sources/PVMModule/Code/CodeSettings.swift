import LuaHost
import MemoryModel
import RemoteMemory

/// How code is read and written: the options of everything that has to do with instructions.
struct CodeSettings {
  let syntax: AssemblySyntax
  let bits: Int?

  static var parameter: Parameter<CodeSettings> {
    Parameter<(AssemblySyntax, Int?)>.options(
      "how instructions are written",
      Parameter<AssemblySyntax>(
        "syntax", .syntax, "how x86 is written", default: .intel, "\"intel\""),
      Self.bits
    ).map(CodeSettings.init)
  }

  static var bits: Parameter<Int?> {
    .optional(
      "bits", .codeBits, "32 or 64, for code of another width than the program's pointers")
  }

  /// The instructions that code of a process is made of.
  func set(of handle: ProcessHandle) throws -> InstructionSet {
    try handle.instructions(bits: bits)
  }
}

extension ProcessHandle {
  /// The instructions that its code is made of.
  /// - Parameter bits: 32 or 64, for x86; nil for those of its machine.
  func instructions(bits: Int? = nil) throws -> InstructionSet {
    let machine = try captured?.notes.machine ?? live().machine
    let set = InstructionSet(machine: machine)
    switch (set, bits) {
    case (let set?, nil): return set
    case (.amd64, 32), (.i386, 32): return .i386
    case (.amd64, 64), (.i386, 64): return .amd64
    case (.arm64, 64): return .arm64
    default:
      throw RemoteMemoryError(
        .disassemble, .unsupported, process: source.processID,
        detail: "code of \(machine)\(bits.map { " with \($0) bits" } ?? "") is not known here")
    }
  }
}

extension ArgumentType where Value == AssemblySyntax {
  /// "intel" or "att".
  static var syntax: ArgumentType<AssemblySyntax> {
    ArgumentType<String>.word(AssemblySyntax.allCases.map(\.rawValue)).map {
      AssemblySyntax(rawValue: $0) ?? .intel
    }
  }
}

extension ArgumentType where Value == Int {
  /// 32 or 64.
  static var codeBits: ArgumentType<Int> {
    ArgumentType<Int64>.integer.map("32 or 64") { value in
      guard value == 32 || value == 64 else {
        throw ArgumentMismatch("bits are 32 or 64, got \(value)")
      }
      return Int(value)
    }
  }
}

extension ArgumentType where Value == Int? {
  /// How many instructions; nil where options stand in the place.
  static var countOrOptions: ArgumentType<Int?> {
    let count = ArgumentType<Int>.count("count", upTo: 100_000)
    return ArgumentType<Int?>(count.summary, annotation: "integer|table") { call, index in
      call.kind(at: index) == .table ? nil : try count.read(call, index)
    }
  }
}

extension ArgumentType where Value == [String: Address] {
  /// {name = address, ...}.
  static var symbols: ArgumentType<[String: Address]> {
    ArgumentType<LuaValue>.table.map(
      "table of addresses", annotation: "table<string, integer>"
    ) { value in
      guard case .table(let table) = value, table.array.isEmpty, table.others.isEmpty else {
        throw ArgumentMismatch("symbols are {name = address, ...}")
      }
      return try table.fields.reduce(into: [:]) { symbols, field in
        guard case .integer(let address) = field.value else {
          throw ArgumentMismatch(
            "symbol '\(field.name)' is a \(field.value.typeName), not an integer")
        }
        symbols[field.name] = Address(luaInteger: address)
      }
    }
  }
}
