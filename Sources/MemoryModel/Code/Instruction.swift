/// One instruction, as it stands in memory.
public struct Instruction: Hashable, Sendable {
  /// Where execution goes on after it.
  public enum Flow: String, Hashable, Sendable {
    /// With the next instruction.
    case next
    /// Elsewhere.
    case jump
    /// Elsewhere or with the next, as some condition has it.
    case branch
    /// Into a routine, which comes back.
    case call
    /// To where it was called from.
    case `return`
    /// Nowhere: the bytes are no instruction.
    case bad
  }

  /// Where its first byte lies.
  public let address: Address
  /// Its bytes, 1 to 15.
  public let bytes: [UInt8]
  /// What it does, as `mov`; `(bad)` for a byte that begins no instruction.
  public let mnemonic: String
  /// To what, as `eax, dword ptr [rdi + 4]`; empty for nothing.
  public let operands: String
  /// Where execution goes on.
  public let flow: Flow
  /// Where it jumps to or what it calls, where the instruction itself says so.
  public let branchTarget: Address?
  /// The memory that it names by its address or by a distance from itself; not what registers add up
  /// to.
  public let memoryTarget: Address?
  /// The bits of each byte that hold a distance over more than 127 bytes to what it names. They
  /// change when a program is linked anew.
  let distanceBits: [UInt8]
  /// Numbers of 4 or 8 bytes in it that may be addresses.
  let numbers: [Number]

  /// A number in the bytes of an instruction.
  struct Number: Hashable, Sendable {
    let range: Range<Int>
    let value: UInt64
  }

  /// An instruction; whoever decodes it sees to it that ranges lie in the bytes.
  package init(
    address: Address, bytes: [UInt8], mnemonic: String, operands: String, flow: Flow,
    branchTarget: Address? = nil, memoryTarget: Address? = nil, distanceBits: [UInt8]? = nil,
    numbers: [(range: Range<Int>, value: UInt64)] = []
  ) {
    self.address = address
    self.bytes = bytes
    self.mnemonic = mnemonic
    self.operands = operands
    self.flow = flow
    self.branchTarget = branchTarget
    self.memoryTarget = memoryTarget
    self.distanceBits = distanceBits ?? [UInt8](repeating: 0, count: bytes.count)
    self.numbers = numbers.map { Number(range: $0.range, value: $0.value) }
  }

  /// The address after its last byte.
  public var end: Address { address.offset(by: Int64(bytes.count)) }

  /// What the instruction names: where it branches to, else the memory.
  public var target: Address? { branchTarget ?? memoryTarget }

  /// Mnemonic and operands in one.
  public var text: String { operands.isEmpty ? mnemonic : mnemonic + " " + operands }

  /// The bits of each byte that are likely to differ in another run or another build of the same
  /// program: distances to other code and data, and addresses.
  ///
  /// - Parameter isMapped: whether anything lies at an address, so that a number may be one.
  /// - Returns: as many bytes as the instruction has; a set bit is likely to differ.
  public func changingBits(isMapped: (Address) -> Bool) -> [UInt8] {
    var bits = distanceBits
    for number in numbers where isMapped(Address(number.value)) {
      for index in number.range { bits[index] = 0xFF }
    }
    return bits
  }
}

extension Instruction: CustomStringConvertible {
  /// `0x401000 mov eax, 1`.
  public var description: String { "\(address) \(text)" }
}
