/// What an instruction of 64-bit ARM names, taken from its 32 bits as the "Arm Architecture
/// Reference Manual" lays them out.
package struct ARMInstruction {
  /// Where execution goes on.
  package private(set) var flow = Instruction.Flow.next
  /// Where it branches to.
  package private(set) var branchTarget: Address?
  /// The memory that it names by a distance.
  package private(set) var memoryTarget: Address?
  /// The bits that hold a distance to other code or data.
  package private(set) var distanceBits: UInt32 = 0

  /// Reads an instruction at an address.
  package init(_ word: UInt32, at address: Address) {
    func distance(_ position: UInt32, _ count: UInt32) -> Int64 {
      let field = Int32(truncatingIfNeeded: word << (32 - position - count))
      return Int64(field >> Int32(32 - count)) &* 4
    }
    if word & 0x7C00_0000 == 0x1400_0000 {  // b, bl
      flow = word >> 31 == 1 ? .call : .jump
      branchTarget = address.offset(by: distance(0, 26))
      distanceBits = 0x03FF_FFFF
    } else if word & 0xFF00_0000 == 0x5400_0000 || word & 0x7E00_0000 == 0x3400_0000 {
      flow = .branch  // b.cond, cbz, cbnz
      branchTarget = address.offset(by: distance(5, 19))
    } else if word & 0x7E00_0000 == 0x3600_0000 {  // tbz, tbnz
      flow = .branch
      branchTarget = address.offset(by: distance(5, 14))
    } else if word & 0xFE00_0000 == 0xD600_0000 {  // br, blr, ret, and the same authenticated
      let kinds: [UInt32: Instruction.Flow] = [0: .jump, 1: .call, 2: .return, 4: .return]
      flow = kinds[word >> 21 & 7] ?? .next
    } else if word & 0x1F00_0000 == 0x1000_0000 {  // adr, adrp
      let low = Int64(word >> 29 & 3)
      let number = distance(5, 19) | low
      let isPage = word >> 31 == 1
      let base = isPage ? Address(address.rawValue & ~0xFFF) : address
      memoryTarget = base.offset(by: isPage ? number << 12 : number)
      distanceBits = 0x60FF_FFE0
    } else if word & 0x3B00_0000 == 0x1800_0000 {  // ldr of what lies at a distance
      memoryTarget = address.offset(by: distance(5, 19))
      distanceBits = 0x00FF_FFE0
    }
  }
}
