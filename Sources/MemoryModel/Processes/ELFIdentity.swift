/// What the first bytes of a program file say about it, as elf(5) lays them out.
public struct ELFIdentity: Hashable, Sendable {
  /// How wide its pointers are: the ELF class. The x32 ABI counts as 4 though its machine is
  /// x86_64.
  public let pointerWidth: PointerWidth
  /// The order of bytes in its numbers.
  public let byteOrder: ByteOrder
  /// The number of its machine, `e_machine`.
  public let machine: UInt16
  /// What kind of file it is, `e_type`: 2 program at fixed addresses, 3 position-independent or
  /// library, 4 core.
  public let fileType: UInt16

  /// Reads the first 20 bytes or more of a file; nil when they are not those of an ELF file.
  public init?(header: [UInt8]) {
    guard header.count >= 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
    switch header[4] {
    case 1: pointerWidth = .four
    case 2: pointerWidth = .eight
    default: return nil
    }
    switch header[5] {
    case 1: byteOrder = .little
    case 2: byteOrder = .big
    default: return nil
    }
    fileType = Self.half(header, 16, byteOrder)
    machine = Self.half(header, 18, byteOrder)
  }

  /// The machine's usual name, as uname(1) gives it where it can: `x86_64`, `i386`, `aarch64`;
  /// `machine 4711` for others.
  public var machineName: String {
    Self.name(ofMachine: machine, pointerWidth: pointerWidth, byteOrder: byteOrder)
  }

  /// The number of a machine by the name `machineName` gives it; nil for a name that is none of
  /// those known.
  public static func machine(
    named name: String, pointerWidth: PointerWidth, byteOrder: ByteOrder
  ) -> UInt16? {
    [62, 183, 3, 40, 243, 21, 20, 22, 258, 8, 43, 2, 4, 15, 42, 50].first {
      Self.name(ofMachine: $0, pointerWidth: pointerWidth, byteOrder: byteOrder) == name
    }
  }

  private static func name(
    ofMachine machine: UInt16, pointerWidth: PointerWidth, byteOrder: ByteOrder
  ) -> String {
    switch machine {
    case 2: "sparc"
    case 3: "i386"
    case 4: "m68k"
    case 8: byteOrder == .little ? "mipsel" : "mips"
    case 15: "parisc"
    case 20: "ppc"
    case 21: byteOrder == .little ? "ppc64le" : "ppc64"
    case 22: pointerWidth == .eight ? "s390x" : "s390"
    case 40: "arm"
    case 42: "sh4"
    case 43: "sparc64"
    case 50: "ia64"
    case 62: "x86_64"
    case 183: "aarch64"
    case 243: pointerWidth == .eight ? "riscv64" : "riscv32"
    case 258: pointerWidth == .eight ? "loongarch64" : "loongarch32"
    default: "machine \(machine)"
    }
  }

  private static func half(_ bytes: [UInt8], _ offset: Int, _ order: ByteOrder) -> UInt16 {
    let first = UInt16(bytes[offset])
    let second = UInt16(bytes[offset &+ 1])
    return order == .little ? second << 8 | first : first << 8 | second
  }
}
