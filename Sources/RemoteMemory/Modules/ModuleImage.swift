public import MemoryModel
import Synchronization

/// What a module is, by its headers: those in memory where they can be read, else those of its file.
public final class ModuleImage: Sendable {
  /// What kind of file it is.
  public enum Format: String, Hashable, Sendable {
    /// A program or library of Linux.
    case elf
    /// A program or library of Windows, as Wine maps them.
    case pe
    /// Neither.
    case data
  }

  /// A part of it with one set of permissions, as the headers say.
  public struct Segment: Hashable, Sendable {
    /// Where it lies in memory.
    public let range: AddressRange
    /// What may be done with it.
    public let permissions: Permissions
    /// Where its bytes begin in the file.
    public let fileOffset: UInt64
    /// How many bytes of it the file has; the rest begins as zeroes.
    public let fileByteCount: UInt64
  }

  /// A named part of it, as the file says.
  public struct Section: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Where it lies in memory.
    public let range: AddressRange
  }

  /// The module.
  public let module: Module
  /// What kind of file it is.
  public let format: Format
  /// How far it was moved: the difference between addresses in memory and those of the file.
  public let distance: UInt64
  /// How wide its pointers are; nil for data.
  public let pointerWidth: PointerWidth?
  /// Its machine in the words of uname(1); nil for data.
  public let machine: String?
  /// What names one build of it; nil where it does not tell.
  public let buildID: [UInt8]?
  /// Its parts, in the order of addresses.
  public let segments: [Segment]

  let elf: ELFImage?
  let pe: PEImage?
  /// Read when they are first asked for.
  private let details = Mutex<ModuleFileDetails?>(nil)
  private let symbolTable = Mutex<ModuleSymbols?>(nil)
  let debugInformation = Mutex<DebugInformation.State>(.unknown)

  init(_ module: Module, in source: any MemorySource) {
    self.module = module
    let parts = ModuleHeaders(of: module, in: source)
    format = parts.format
    distance = parts.distance
    elf = parts.elf
    pe = parts.pe
    machine = parts.machine
    pointerWidth = parts.elf?.header.format.pointerWidth ?? parts.pe?.pointerWidth
    buildID = parts.buildID
    segments = parts.segments
  }

  /// The build-id as people write it.
  public var buildIDText: String? { buildID.map { hexadecimal($0) } }

  /// What its file says beyond what is in memory.
  func fileDetails(_ source: any MemorySource) -> ModuleFileDetails {
    if let known = details.withLock({ $0 }) { return known }
    let read = ModuleFileDetails(of: self, in: source)
    details.withLock { $0 = read }
    return read
  }

  /// The state of its file.
  public func fileState(_ source: any MemorySource) -> ModuleFileState {
    fileDetails(source).state
  }

  /// Its sections; empty where the file does not tell, or is gone.
  public func sections(_ source: any MemorySource) -> [Section] { fileDetails(source).sections }

  /// Its symbols, read when they are first asked for.
  func symbols(_ source: any MemorySource) -> ModuleSymbols {
    if let known = symbolTable.withLock({ $0 }) { return known }
    let read = ModuleSymbols(SymbolLoader(image: self, source: source).load())
    return symbolTable.withLock { kept in
      if let known = kept { return known }
      kept = read
      return read
    }
  }
}

/// What has become of the file that a module was mapped from.
public enum ModuleFileState: String, Hashable, Sendable, CaseIterable {
  /// It is there, the same as was mapped.
  case same
  /// It was deleted, and nothing of its name is there.
  case deleted
  /// Another file has its name now, as after an update.
  case replaced
  /// It is not there, or may not be read.
  case missing
  /// There never was one.
  case none
}

/// Two digits a byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
