/// One note of an ELF file: who wrote it, what kind it is, and its content.
public struct ELFNote: Hashable, Sendable {
  /// Whose note it is, without the final zero byte: `CORE`, `LINUX`, `GNU`.
  public var owner: [UInt8]
  /// What kind it is; a number means something only together with the owner.
  public var type: UInt32
  /// What it says.
  public var content: [UInt8]

  /// A note.
  public init(owner: [UInt8], type: UInt32, content: [UInt8]) {
    self.owner = owner
    self.type = type
    self.content = content
  }

  /// A note by an owner whose name is text.
  public init(_ owner: String, _ type: UInt32, _ content: [UInt8]) {
    self.init(owner: Array(owner.utf8), type: type, content: content)
  }

  /// Whether it is of this owner and kind.
  public func isA(_ owner: StaticString, _ type: UInt32) -> Bool {
    self.type == type && self.owner.elementsEqual(owner.description.utf8)
  }

  /// Adds the note, padded to 4 bytes as in cores.
  public func append(to bytes: inout [UInt8], format: ELFFormat) {
    format.append(word: UInt32(truncatingIfNeeded: owner.count &+ 1), to: &bytes)
    format.append(word: UInt32(truncatingIfNeeded: content.count), to: &bytes)
    format.append(word: type, to: &bytes)
    bytes += owner
    bytes.append(0)
    Self.pad(&bytes)
    bytes += content
    Self.pad(&bytes)
  }

  private static func pad(_ bytes: inout [UInt8]) {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
}

extension ELFNote {
  /// `NT_GNU_BUILD_ID` of `GNU`: what names one build of a program.
  public static let buildID: UInt32 = 3
  /// `NT_PRSTATUS` of `CORE`: a thread and its registers.
  public static let threadStatus: UInt32 = 1
  /// `NT_PRFPREG` of `CORE`: the floating-point registers of the thread before.
  public static let floatRegisters: UInt32 = 2
  /// `NT_PRPSINFO` of `CORE`: the process, its name and arguments.
  public static let processInformation: UInt32 = 3
  /// `NT_AUXV` of `CORE`: what the kernel told the program, getauxval(3).
  public static let auxiliaryVector: UInt32 = 6
  /// `NT_FILE` of `CORE`: which files were mapped where.
  public static let mappedFiles: UInt32 = 0x4649_4C45
  /// `NT_SIGINFO` of `CORE`: the signal that ended the process.
  public static let signalInformation: UInt32 = 0x5349_4749
}

/// Steps through the notes of one segment, note by note.
///
/// It ends at the end of the bytes, and at the first note that does not lie in them whole.
public struct ELFNoteReader: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private let format: ELFFormat
  private let alignment: Int
  /// Where the next note begins.
  public private(set) var position = 0

  /// A reader at the first note.
  /// - Parameters:
  ///   - bytes: the whole segment.
  ///   - format: how numbers are written.
  ///   - alignment: what owner and content are padded to; 8 when the segment says so, else 4.
  public init(_ bytes: [UInt8], format: ELFFormat, alignment: UInt64 = 4) {
    self.bytes = bytes
    self.format = format
    self.alignment = alignment == 8 ? 8 : 4
  }

  /// Whether everything was read; false after `next` gave nil means that the last note is cut.
  public var isAtEnd: Bool { position >= bytes.count }

  /// The next note.
  public mutating func next() -> ELFNote? {
    guard let ownerCount = format.word(bytes, position),
      let contentCount = format.word(bytes, position &+ 4),
      let type = format.word(bytes, position &+ 8)
    else { return nil }
    let owner = position &+ 12
    let content = padded(owner &+ Int(ownerCount))
    let end = content &+ Int(contentCount)
    guard content <= bytes.count, end <= bytes.count else { return nil }
    var name = bytes[owner..<(owner &+ Int(ownerCount))]
    if name.last == 0 { name.removeLast() }
    position = padded(end)
    return ELFNote(owner: Array(name), type: type, content: Array(bytes[content..<end]))
  }

  private func padded(_ offset: Int) -> Int { (offset &+ alignment &- 1) & ~(alignment &- 1) }
}
