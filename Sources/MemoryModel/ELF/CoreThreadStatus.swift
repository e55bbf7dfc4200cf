/// One thread in a core: the note NT_PRSTATUS, `struct elf_prstatus` of the kernel.
public struct CoreThreadStatus: Hashable, Sendable {
  /// The number of the thread.
  public var thread: ProcessID
  /// The number of the parent of its process.
  public var parent: ProcessID
  /// The signal that stopped it; 0 for none.
  public var signal: UInt16
  /// Its registers as PTRACE_GETREGSET of ptrace(2) gives them.
  public var registers: [UInt8]

  /// A thread.
  public init(
    thread: ProcessID, parent: ProcessID = ProcessID(0), signal: UInt16 = 0, registers: [UInt8]
  ) {
    self.thread = thread
    self.parent = parent
    self.signal = signal
    self.registers = registers
  }

  /// Where the registers begin, and how many bytes follow them.
  private static func frame(_ format: ELFFormat) -> (start: Int, rest: Int) {
    format.is64Bit ? (112, 8) : (72, 4)
  }

  /// Reads the content of a note; nil when it is too short.
  public init?(parsing content: [UInt8], format: ELFFormat) {
    let (start, rest) = Self.frame(format)
    let place = format.is64Bit ? 32 : 24
    guard content.count >= start &+ rest, let signal = format.half(content, 12),
      let thread = format.word(content, place), let parent = format.word(content, place &+ 4)
    else { return nil }
    self.init(
      thread: ProcessID(Int32(bitPattern: thread)), parent: ProcessID(Int32(bitPattern: parent)),
      signal: signal, registers: Array(content[start..<(content.count &- rest)]))
  }

  /// The content of the note; times and signal masks are 0.
  public func serialized(_ format: ELFFormat) -> [UInt8] {
    let (start, rest) = Self.frame(format)
    var content = [UInt8](repeating: 0, count: 12)
    format.append(half: signal, to: &content)
    content += [UInt8](repeating: 0, count: (format.is64Bit ? 32 : 24) - content.count)
    format.append(word: UInt32(bitPattern: thread.rawValue), to: &content)
    format.append(word: UInt32(bitPattern: parent.rawValue), to: &content)
    content += [UInt8](repeating: 0, count: start - content.count)
    return content + registers + [UInt8](repeating: 0, count: rest)
  }

  /// How many bytes the general registers of a machine take; nil for a machine that is not known.
  ///
  /// - Parameter machine: the machine in the words of uname(1).
  public static func registerByteCount(machine: String, _ width: PointerWidth) -> Int? {
    switch (machine, width) {
    case ("x86_64", _): 216
    case ("i386", _): 68
    case ("aarch64", .eight): 272
    case ("arm", .four): 72
    case ("riscv64", .eight): 256
    case ("ppc64", .eight), ("ppc64le", .eight): 384
    case ("s390x", .eight): 216
    case ("loongarch64", .eight): 360
    default: nil
    }
  }
}
