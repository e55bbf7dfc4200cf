/// What the kernel told a program when it started it: pairs of a kind and a value, as in
/// proc_pid_auxv(5) and the note NT_AUXV; see getauxval(3).
public struct AuxiliaryVector: Hashable, Sendable {
  /// The pairs in their order, without the one that ends them.
  public let pairs: [Pair]

  /// One kind and its value.
  public struct Pair: Hashable, Sendable {
    /// The kind.
    public let kind: UInt64
    /// The value: a number, or an address in the process.
    public let value: UInt64
  }

  /// `AT_PHDR`, the address of the program's program headers.
  public static let programHeaders: UInt64 = 3
  /// `AT_ENTRY`, where the program starts.
  public static let entry: UInt64 = 9
  /// `AT_RANDOM`, the address of 16 random bytes on the first stack.
  public static let random: UInt64 = 25
  /// `AT_EXECFN`, the address of the path the program was started by, on the first stack.
  public static let programPath: UInt64 = 31
  /// `AT_SYSINFO_EHDR`, the address of the vdso.
  public static let vdso: UInt64 = 33

  /// Reads pairs up to the one of kind 0, or to the end of the bytes.
  public init(parsing bytes: [UInt8], format: ELFFormat) {
    let width = format.pointerWidth.bytes
    var pairs: [Pair] = []
    var place = 0
    while let kind = format.pointer(bytes, place),
      let value = format.pointer(bytes, place &+ width), kind != 0, pairs.count < 4096
    {
      pairs.append(Pair(kind: kind, value: value))
      place &+= 2 &* width
    }
    self.pairs = pairs
  }

  /// The first value of a kind.
  public subscript(kind: UInt64) -> UInt64? { pairs.first { $0.kind == kind }?.value }
}
