import MemoryModel

/// The bytes of some instructions, and the bits of them that stay.
struct MaskedCode {
  private(set) var bytes: [UInt8] = []
  /// As many bytes as `bytes`; a set bit stays.
  private(set) var mask: [UInt8] = []

  /// Code from an address on, up to what is no instruction or cannot be read.
  init(
    of source: any MemorySource, at address: Address, as set: InstructionSet, map: RegionMap,
    maximumBytes: Int
  ) throws(RemoteMemoryError) {
    let disassembler = try Disassembler(set)
    let part = try source.readPartial(at: address, count: maximumBytes + set.longestInstruction)
    if part.bytes.isEmpty, var error = part.error?.during(.signature) {
      error.requestedBytes = 0
      throw error
    }
    var pages = ARMPages()
    for instruction in disassembler.instructions(in: part.bytes, at: address) {
      guard bytes.count < maximumBytes, instruction.flow != .bad else { break }
      var changing = instruction.changingBits { map.region(containing: $0) != nil }
      if set == .arm64 { pages.addBits(of: instruction, to: &changing) }
      bytes += instruction.bytes
      mask += changing.map { ~$0 }
    }
    guard !bytes.isEmpty else {
      throw RemoteMemoryError(
        .signature, .invalid, process: source.processID, address: address,
        detail: "the bytes there are no instruction of \(set.rawValue)")
    }
    bytes.removeLast(max(bytes.count - maximumBytes, 0))
    mask.removeLast(mask.count - bytes.count)
  }
}

/// Which registers of ARM hold the page of an address: the number that the next instruction adds to
/// one is the rest of that address, which changes with it.
private struct ARMPages {
  private var registers: Swift.Set<UInt32> = []

  /// Adds the bits of what an instruction adds to a page.
  mutating func addBits(of instruction: Instruction, to bits: inout [UInt8]) {
    let word = instruction.bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    let target = word & 31
    if word & 0x9F00_0000 == 0x9000_0000 {  // adrp
      registers.insert(target)
      return
    }
    let isAdd = word & 0x7F80_0000 == 0x1100_0000
    let isAccess = word & 0x3B00_0000 == 0x3900_0000
    if isAdd || isAccess, registers.contains(word >> 5 & 31) {
      bits[1] |= 0xFC
      bits[2] |= 0x3F
    }
    // A store leaves its register as it is, which costs nothing but a byte or two of pattern.
    registers.remove(target)
  }
}
