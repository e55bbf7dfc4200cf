/// Reads a file: so many bytes from an offset, fewer where it ends.
public typealias FileReader = (_ offset: UInt64, _ count: Int) -> [UInt8]

/// A program file as a loader puts it into memory: what of it must stay as it is in the file, and
/// which words the loader fills in.
///
/// Addresses are the file's own; in memory they are moved by one distance.
public struct ProgramImage: Sendable {
  /// A stretch of the file that a program does not write once it runs.
  public struct Part: Hashable, Sendable {
    /// Its first address.
    public let address: UInt64
    /// Where it begins in the file.
    public let offset: UInt64
    /// How many bytes the file has of it.
    public let byteCount: UInt64
    /// Whether it may be written while the program is being loaded (`PT_GNU_RELRO`); it counts only
    /// where it has become read-only.
    public let isWrittenByLoader: Bool
    /// Whether the program writes it before it becomes read-only, being its own loader: what differs
    /// is counted and proves nothing.
    public let isWrittenByProgram: Bool

    /// A stretch that nobody writes.
    public init(
      address: UInt64, offset: UInt64, byteCount: UInt64, isWrittenByLoader: Bool = false,
      isWrittenByProgram: Bool = false
    ) {
      self.address = address
      self.offset = offset
      self.byteCount = byteCount
      self.isWrittenByLoader = isWrittenByLoader
      self.isWrittenByProgram = isWrittenByProgram
    }
  }

  /// A named stretch of addresses.
  public struct Section: Hashable, Sendable {
    /// The name as the file gives it, printable.
    public let name: String
    /// Its addresses.
    public let range: AddressRange

    /// A section.
    public init(name: String, range: AddressRange) {
      self.name = name
      self.range = range
    }
  }

  /// How its numbers are written.
  public var format: ELFFormat
  /// The stretches that must stay as they are.
  public var parts: [Part] = []
  /// Its sections, in the order of addresses; empty where the file does not tell.
  public var sections: [Section] = []
  /// Words that the loader fills in, in the order of addresses.
  public var fixups: [ImageFixup] = []
  /// Stretches that the loader fills in whole, in the order of addresses.
  public var filledIn: [AddressRange] = []

  /// An image of nothing.
  public init(format: ELFFormat) { self.format = format }

  /// The section that holds an address of the file; the smallest of several.
  public func section(at address: UInt64) -> Section? {
    let place = Address(address)
    var best: Section?
    for section in sections where section.range.contains(place) {
      if let known = best, known.range.count <= section.range.count { continue }
      best = section
    }
    return best
  }

  /// The most fixups of one image; a file that asks for more is refused.
  public static let mostFixups = 1 << 23
}

/// Why a file is no program whose image can be made.
public struct ImageError: Error, Hashable, Sendable {
  /// What is wrong, in words that follow the name of the file.
  public let problem: String

  /// An error.
  public init(_ problem: String) { self.problem = problem }
}

extension ImageError: CustomStringConvertible {
  public var description: String { problem }
}
