/// The process in a core: the note NT_PRPSINFO, `struct elf_prpsinfo` of the kernel.
public struct CoreProcessStatus: Hashable, Sendable {
  /// Its number.
  public var process: ProcessID
  /// The number of its parent.
  public var parent: ProcessID
  /// Its user.
  public var user: UInt32
  /// Its group.
  public var group: UInt32
  /// Its name, at most 15 bytes.
  public var name: [UInt8]
  /// Its arguments joined by spaces, at most 79 bytes.
  public var arguments: [UInt8]

  /// A process.
  public init(
    process: ProcessID, parent: ProcessID = ProcessID(0), user: UInt32 = 0, group: UInt32 = 0,
    name: [UInt8] = [], arguments: [UInt8] = []
  ) {
    self.process = process
    self.parent = parent
    self.user = user
    self.group = group
    self.name = name
    self.arguments = arguments
  }

  /// Reads the content of a note; nil when it has a length no kernel writes.
  public init?(parsing content: [UInt8], format: ELFFormat) {
    // Some 32-bit machines keep users and groups in 2 bytes.
    let (user, width): (Int, Int)
    switch content.count {
    case 136 where format.is64Bit: (user, width) = (16, 4)
    case 128 where !format.is64Bit: (user, width) = (8, 4)
    case 124 where !format.is64Bit: (user, width) = (8, 2)
    default: return nil
    }
    let process = user + 2 * width
    self.init(
      process: ProcessID(Int32(bitPattern: format.word(content, process) ?? 0)),
      parent: ProcessID(Int32(bitPattern: format.word(content, process + 4) ?? 0)),
      user: UInt32(truncatingIfNeeded: format.number(content, user, width: width) ?? 0),
      group: UInt32(truncatingIfNeeded: format.number(content, user + width, width: width) ?? 0),
      name: Self.text(content[(process + 16)..<(process + 32)]),
      arguments: Self.text(content[(process + 32)..<(process + 112)]))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array(bytes.prefix { $0 != 0 })
  }

  /// The content of the note; what is too long is cut.
  public func serialized(_ format: ELFFormat, machine: String) -> [UInt8] {
    let width = format.is64Bit || !["i386", "arm", "m68k", "sh4"].contains(machine) ? 4 : 2
    var content: [UInt8] = [0, UInt8(ascii: "R"), 0, 0]
    if format.is64Bit { content += [0, 0, 0, 0] }
    format.append(pointer: 0, to: &content)
    for number in [user, group] {
      let most: UInt32 = width == 2 ? 0xFFFF : .max
      format.append(UInt64(number > most ? 65534 : number), width: width, to: &content)
    }
    for number in [process.rawValue, parent.rawValue, process.rawValue, process.rawValue] {
      format.append(word: UInt32(bitPattern: number), to: &content)
    }
    Self.append(name, room: 16, to: &content)
    Self.append(arguments, room: 80, to: &content)
    return content
  }

  private static func append(_ text: [UInt8], room: Int, to content: inout [UInt8]) {
    let kept = text.prefix(room - 1).map { $0 == 0 ? UInt8(ascii: " ") : $0 }
    content += kept + [UInt8](repeating: 0, count: room - kept.count)
  }
}
