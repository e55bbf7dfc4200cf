#if Disassembly
  internal import CCapstone
  import MemoryModel

  extension InstructionSet {
    /// The number of it for the library.
    var machine: pvc_machine {
      switch self {
      case .i386: PVC_X86_32
      case .amd64: PVC_X86_64
      case .arm64: PVC_ARM_64
      }
    }
  }

  extension Instruction {
    /// An instruction that the library has decoded.
    init(_ found: pvc_instruction, bytes: [UInt8], at address: Address, _ set: InstructionSet) {
      let mnemonic = Self.text(found.mnemonic)
      let operands = Self.text(found.operands)
      guard set != .arm64 else {
        self.init(arm: bytes, at: address, mnemonic, operands)
        return
      }
      self.init(
        address: address, bytes: bytes, mnemonic: mnemonic, operands: operands,
        flow: Self.flow(found),
        branchTarget: found.has_branch ? Address(found.branch) : nil,
        memoryTarget: found.has_memory ? Address(found.memory) : nil,
        distanceBits: Self.bits(found.distance, count: bytes.count),
        numbers: [found.displacement, found.immediate].filter { $0.count > 0 }.map {
          (range: Int($0.offset)..<Int($0.offset) + Int($0.count), value: $0.value)
        })
    }

    private init(arm bytes: [UInt8], at address: Address, _ mnemonic: String, _ operands: String) {
      let word = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
      let facts = ARMInstruction(word, at: address)
      self.init(
        address: address, bytes: bytes, mnemonic: mnemonic, operands: operands, flow: facts.flow,
        branchTarget: facts.branchTarget, memoryTarget: facts.memoryTarget,
        distanceBits: (0..<UInt32(bytes.count)).map {
          UInt8(truncatingIfNeeded: facts.distanceBits >> (8 * $0))
        })
    }

    private static func flow(_ found: pvc_instruction) -> Flow {
      if found.calls { return .call }
      if found.returns { return .return }
      if found.jumps { return found.is_conditional ? .branch : .jump }
      return .next
    }

    private static func bits(_ field: pvc_field, count: Int) -> [UInt8] {
      let range = Int(field.offset)..<Int(field.offset) + Int(field.count)
      return (0..<count).map { range.contains($0) ? 0xFF : 0 }
    }

    /// Text that ends with a zero byte.
    private static func text<Characters>(_ characters: Characters) -> String {
      unsafe withUnsafeBytes(of: characters) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
  }
#endif
