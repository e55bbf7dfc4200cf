/// The instructions that some code is made of.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable {
  /// x86 in 32-bit mode.
  case i386
  /// x86 in 64-bit mode.
  case amd64 = "x86_64"
  /// ARM in 64-bit mode.
  case arm64 = "aarch64"

  /// The instructions of a machine by its usual name, as `ELFIdentity.machineName` gives it; nil
  /// for a machine whose code is not known here.
  public init?(machine: String) { self.init(rawValue: machine) }

  /// How wide its addresses are.
  public var pointerWidth: PointerWidth { self == .i386 ? .four : .eight }

  /// The most bytes of one instruction.
  public var longestInstruction: Int { self == .arm64 ? 4 : 15 }

  /// What lengths and addresses of instructions are multiples of, in bytes.
  public var instructionAlignment: Int { self == .arm64 ? 4 : 1 }

  /// `count` bytes of instructions that do nothing; nil when no whole instructions fill them.
  ///
  /// On x86 each byte is one instruction, so that a thread which stood between two of the old
  /// instructions stands between two of the new ones.
  public func nops(_ count: Int) -> [UInt8]? {
    guard count >= 0, count % instructionAlignment == 0 else { return nil }
    guard self == .arm64 else { return [UInt8](repeating: 0x90, count: count) }
    let instruction: [UInt8] = [0x1F, 0x20, 0x03, 0xD5]
    return (0..<count).map { instruction[$0 % 4] }
  }
}
