public import MemoryModel

extension ThreadNote {
  /// The address of the next instruction; nil without registers, and for a machine whose layout is
  /// not known here (x86_64, i386 and aarch64 are).
  public var instructionPointer: Address? { word(x86: 16, i386: 12, aarch64: 32) }

  /// The address the stack pointer holds.
  public var stackPointer: Address? { word(x86: 19, i386: 15, aarch64: 31) }

  /// A register by its place among those of each machine, which the size of the set tells apart; see
  /// sys/user.h. All three are little-endian.
  private func word(x86: Int, i386: Int, aarch64: Int) -> Address? {
    guard let registers else { return nil }
    switch registers.count {
    case 27 * 8: return word(at: x86 * 8, byteCount: 8, of: registers)
    case 17 * 4: return word(at: i386 * 4, byteCount: 4, of: registers)
    case 34 * 8: return word(at: aarch64 * 8, byteCount: 8, of: registers)
    default: return nil
    }
  }

  private func word(at offset: Int, byteCount: Int, of registers: [UInt8]) -> Address {
    Address(registers[offset..<(offset + byteCount)].reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
