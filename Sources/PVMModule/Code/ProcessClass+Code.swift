import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var codeMethods: [Declaration] { [disassemble, ripTarget, assemble, signature] }

  private static let codeErrors = accessErrors + ["EFAULT", "EINVAL", "ENOTSUP"]

  private static var disassemble: Declaration {
    .method(
      "disassemble", "Show code as instructions.",
      Parameter("address", .address, "first byte of the first one"),
      Parameter<Int?>(
        "count", .countOrOptions, "how many; or options in its place", default: nil, "10"),
      DisassemblySettings.parameter,
      returns: .object(
        "pvm.code", "the instructions; print it for a listing",
        weight: { $0.instructions.count * 256 }),
      about: About(
        fails: codeErrors + ["E2BIG"],
        example: """
          local code = game:disassemble(take_damage_sub, 1)
          print(code[1].text, code.size)  --> sub eax, esi 2
          print(game:disassemble(take_damage, {bytes=16, syntax="att"}))
          """,
        notes: """
          Needs the library capstone (the trait Disassembly). Bytes that are no instruction, or one \
          the library does not know, show as `(bad)`. Works on snapshots and core files too.
          """, seeAlso: ["process.assemble", "process.rip_target", "process.signature"])
    ) {
      (_, handle: ProcessHandle, address: Address, count: Int?, options: DisassemblySettings) in
      CodeObject(handle: handle, instructions: try options.read(handle, address, count))
    }
  }

  private static var ripTarget: Declaration {
    .method(
      "rip_target", "What the instruction at an address names by a distance, or by an address.",
      Parameter("address", .address, "first byte of the instruction"),
      Parameter<Int?>.options("of which width", CodeSettings.bits),
      returns: ResultType<Address>.address(
        "where it branches to, or the memory that it uses; nil: neither", name: "target"
      ).optional(),
      about: About(
        fails: codeErrors,
        example: "print(game:rip_target(take_damage_sub))  --> nil",
        notes: """
          For `call qword ptr [rip + 8]` it is the place of the pointer, for `lea rax, [rip + 8]` and \
          `jmp 0x401000` the address itself.
          """, seeAlso: ["process.disassemble", "process.references"])
    ) { (_, handle: ProcessHandle, address: Address, bits: Int?) in
      let set = try handle.instructions(bits: bits)
      return try handle.source.disassemble(at: address, count: 1, as: set).first?.target
    }
  }

  private static var assemble: Declaration {
    .method(
      "assemble", "Turn instructions as text into bytes.",
      Parameter("address", .address, "where the first byte will lie"),
      Parameter("text", .bytes, "instructions, separated by lines or ;"),
      AssemblySettings.parameter,
      returns: .bytes("the instructions; nothing is written"),
      about: About(
        fails: accessErrors + ["EINVAL", "ENOTSUP", "ETIMEDOUT", "EINTERRUPTED"],
        source: ["as(1)"],
        example: """
          local bytes = game:assemble(take_damage_sub, "xor eax, eax; jmp hit", {symbols={hit=player}})
          print(#bytes)  --> 7
          """,
        notes: """
          Runs the GNU assembler, `as`, of Debian's package binutils. Numbers after jumps and calls \
          are addresses; `[rip + name]` reaches a name of `symbols`. Labels and directives for data \
          (`.byte`, `.quad`, `.balign`) may be used; those that read files, and quotes, are refused.
          """, seeAlso: ["process.disassemble", "process.write"])
    ) {
      (_, handle: ProcessHandle, address: Address, text: [UInt8], options: AssemblySettings) in
      try Assembler.assemble(
        text, at: address, for: options.code.set(of: handle), syntax: options.code.syntax,
        symbols: options.symbols, interrupt: handle.source.interrupt)
    }
  }

  private static var signature: Declaration {
    .method(
      "signature", "Make the shortest pattern that finds code again.",
      Parameter("address", .address, "first byte of an instruction"),
      SignatureSettings.parameter,
      returns: .text("a pattern for `find`, which stands nowhere else in the module"),
      about: About(
        fails: codeErrors + ["ENOENT", "EINTERRUPTED", "ENOMEM"],
        example: """
          local pattern = game:signature(take_damage_sub)
          local hits = game:find(pattern, {module="pvm-target"})
          print(#hits, hits[1].address == take_damage_sub)  --> 1 true
          """,
        notes: """
          Distances of 4 bytes to other code and data, and numbers that are addresses of something \
          mapped, are left open, since they change with the next build or the next run. Without a \
          place among the options it is unique in the module of the address. ENOENT: `max` bytes are \
          not enough; begin somewhere else, or raise it.
          """, seeAlso: ["process.find", "process.disassemble"])
    ) { (_, handle: ProcessHandle, address: Address, options: SignatureSettings) in
      try options.make(handle, address).pattern.description
    }
  }
}

/// The options of disassembling.
struct DisassemblySettings {
  let bytes: Int?
  let code: CodeSettings

  static var parameter: Parameter<DisassemblySettings> {
    Parameter<(Int?, CodeSettings)>.optionGroups(
      "how much, and how it is written", alsoBefore: true,
      Parameter<Int?>.options(
        "",
        .optional(
          "bytes", ArgumentType<Int>.count("bytes", upTo: 1 << 20),
          "all that begins within so many bytes, in place of a count")),
      CodeSettings.parameter
    ).map(DisassemblySettings.init)
  }

  func read(
    _ handle: ProcessHandle, _ address: Address, _ count: Int?
  ) throws -> [Instruction] {
    let set = try code.set(of: handle)
    guard let bytes else {
      return try handle.source.disassemble(
        at: address, count: count ?? 10, as: set, syntax: code.syntax)
    }
    if count != nil { throw ScriptFailure.misuse("give either a count or bytes") }
    return try handle.source.disassemble(
      at: address, byteCount: bytes, as: set, syntax: code.syntax)
  }
}

/// The options of assembling.
struct AssemblySettings {
  let symbols: [String: Address]
  let code: CodeSettings

  static var parameter: Parameter<AssemblySettings> {
    Parameter<([String: Address], CodeSettings)>.optionGroups(
      "how it is written",
      Parameter<[String: Address]>.options(
        "",
        Parameter<[String: Address]>(
          "symbols", .symbols, "addresses of names that the text uses", default: [:], "{}")),
      CodeSettings.parameter
    ).map(AssemblySettings.init)
  }
}

/// The options of making a signature.
struct SignatureSettings {
  let least, most: Int
  let bits: Int?
  let filter: RegionFilter

  private struct Length {
    let least, most: Int
    let bits: Int?
  }

  private init(_ length: Length, _ filter: RegionFilter) {
    least = length.least
    most = length.most
    bits = length.bits
    self.filter = filter
  }

  static var parameter: Parameter<SignatureSettings> {
    let lengths = Parameter<(Int, Int, Int?)>.options(
      "",
      Parameter<Int>("min", .count("min", from: 1, upTo: 1024), "least bytes", default: 1),
      Parameter<Int>("max", .count("max", from: 1, upTo: 1024), "most bytes", default: 64),
      CodeSettings.bits
    ).map(Length.init)
    return Parameter<(Length, RegionFilter)>.optionGroups(
      "how long, and where it must stand nowhere else", lengths,
      .regionFilter("where it must stand nowhere else; by default the module")
    ).map(SignatureSettings.init)
  }

  func make(_ handle: ProcessHandle, _ address: Address) throws -> CodeSignature {
    guard least <= most else {
      throw ScriptFailure.badArgument(3, "max is less than min")
    }
    return try handle.source.signature(
      of: address, as: handle.instructions(bits: bits), lengths: least...most,
      in: filter == RegionFilter() ? nil : filter)
  }
}
