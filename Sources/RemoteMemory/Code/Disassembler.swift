public import MemoryModel

#if Disassembly
  internal import CCapstone
#endif

/// Turns bytes into instructions with capstone, which is loaded when the first one is made.
///
/// One is for one thread at a time.
@safe public final class Disassembler {
  /// Whether this program was built with a disassembler: the trait Disassembly, on by default.
  public static var isBuiltIn: Bool {
    #if Disassembly
      true
    #else
      false
    #endif
  }

  /// Which instructions it knows.
  public let set: InstructionSet

  #if Disassembly
    private let decoder: OpaquePointer

    /// A disassembler.
    /// - Parameters:
    ///   - set: which instructions.
    ///   - syntax: how instructions of x86 are to be written.
    /// - Throws: `ENOTSUP` where capstone is not installed or the program was built without it.
    public init(_ set: InstructionSet, syntax: AssemblySyntax = .intel)
      throws(RemoteMemoryError)
    {
      if let reason = unsafe pvc_load() {
        throw unsafe RemoteMemoryError(
          .disassemble, .notInstalled(package: "libcapstone\(pvc_version() / 100)"),
          detail: String(cString: reason))
      }
      guard let decoder = unsafe pvc_open(set.machine, syntax == .att) else {
        throw RemoteMemoryError(.disassemble, .system, errno: .noMemory)
      }
      self.set = set
      unsafe self.decoder = decoder
    }

    deinit { unsafe pvc_close(decoder) }

    /// The instruction that some bytes begin with; nil when they do not begin with a whole one.
    public func first(of bytes: ArraySlice<UInt8>, at address: Address) -> Instruction? {
      var found = pvc_instruction()
      let isFound = unsafe bytes.withUnsafeBufferPointer {
        unsafe pvc_decode(decoder, $0.baseAddress, $0.count, address.rawValue, &found)
      }
      let size = Int(found.size)
      guard isFound, size > 0, size <= bytes.count else { return nil }
      return Instruction(found, bytes: Array(bytes.prefix(size)), at: address, set)
    }
  #else
    /// A disassembler.
    /// - Throws: always, since the program was built without one.
    public init(_ set: InstructionSet, syntax: AssemblySyntax = .intel)
      throws(RemoteMemoryError)
    {
      throw RemoteMemoryError(
        .disassemble, .unsupported,
        detail: "this program was built without a disassembler (the trait Disassembly)")
    }

    /// The instruction that some bytes begin with.
    public func first(of bytes: ArraySlice<UInt8>, at address: Address) -> Instruction? { nil }
  #endif

  /// The instructions of some bytes, one behind the other. What begins no instruction is `(bad)`, as
  /// long as the smallest one.
  ///
  /// - Parameters:
  ///   - bytes: the bytes.
  ///   - address: where the first of them lies.
  ///   - limit: the most instructions.
  public func instructions(
    in bytes: [UInt8], at address: Address, limit: Int = .max
  ) -> [Instruction] {
    var instructions: [Instruction] = []
    var done = 0
    while done < bytes.count, instructions.count < limit {
      let place = address.offset(by: Int64(done))
      // No instruction is longer, and the library looks at all it is given.
      let rest = bytes[done...].prefix(set.longestInstruction)
      let instruction = first(of: rest, at: place) ?? bad(rest, at: place)
      instructions.append(instruction)
      done += instruction.bytes.count
    }
    return instructions
  }

  private func bad(_ bytes: ArraySlice<UInt8>, at address: Address) -> Instruction {
    Instruction(
      address: address, bytes: Array(bytes.prefix(set.instructionAlignment)), mnemonic: "(bad)",
      operands: "", flow: .bad)
  }
}
