public import MemoryModel

extension MemorySource {
  /// The instructions from an address on.
  ///
  /// - Parameters:
  ///   - address: the first byte of the first one.
  ///   - count: how many, 0 to 100 000. Bytes that are no instruction count as `(bad)`.
  ///   - set: which instructions.
  ///   - syntax: how instructions of x86 are to be written.
  /// - Throws: `EFAULT` when the memory ends before them, and what `Disassembler.init` throws.
  public func disassemble(
    at address: Address, count: Int, as set: InstructionSet, syntax: AssemblySyntax = .intel
  ) throws(RemoteMemoryError) -> [Instruction] {
    try checkCount(count, .disassemble, at: address, limit: 100_000)
    let disassembler = try Disassembler(set, syntax: syntax)
    let part = try readPartial(at: address, count: count * set.longestInstruction)
    let found = disassembler.instructions(in: part.bytes, at: address, limit: count)
    guard let error = part.error else { return found }
    // Where the memory ends, the last bytes may be the beginning of an instruction.
    let end = found.firstIndex {
      $0.flow == .bad && address.distance(to: $0.end) > part.bytes.count - set.longestInstruction
    }
    guard found.count == count, end == nil else { throw error.during(.disassemble) }
    return found
  }

  /// The instructions that begin within a stretch of memory; the last is cut where the stretch ends.
  ///
  /// - Parameters:
  ///   - address: the first byte of the first one.
  ///   - byteCount: the length of the stretch, 0 to 1 MiB.
  /// - Throws: `EFAULT` when not all of it can be read, and what `Disassembler.init` throws.
  public func disassemble(
    at address: Address, byteCount: Int, as set: InstructionSet, syntax: AssemblySyntax = .intel
  ) throws(RemoteMemoryError) -> [Instruction] {
    try checkCount(byteCount, .disassemble, at: address, limit: 1 << 20)
    let disassembler = try Disassembler(set, syntax: syntax)
    let bytes: [UInt8]
    do throws(RemoteMemoryError) { bytes = try readBytes(at: address, count: byteCount) } catch {
      throw error.during(.disassemble)
    }
    return disassembler.instructions(in: bytes, at: address)
  }

  /// How many bytes a number of instructions take together, from an address on.
  /// - Throws: `EINVAL` where the bytes are no instruction, `EFAULT` when the memory ends before, and
  ///   what `Disassembler.init` throws.
  public func instructionBytes(
    at address: Address, count: Int, as set: InstructionSet
  ) throws(RemoteMemoryError) -> Int {
    let found = try disassemble(at: address, count: count, as: set)
    if let bad = found.first(where: { $0.flow == .bad }) {
      throw RemoteMemoryError(
        .disassemble, .invalid, process: processID, address: bad.address,
        detail: "the bytes there are no instruction of \(set.rawValue)")
    }
    return found.reduce(0) { $0 + $1.bytes.count }
  }
}
