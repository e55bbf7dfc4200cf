public import MemoryModel

/// One place that a watch looks at: where it lies, and what it is.
public struct WatchPlace: Sendable {
  /// Where to find it.
  public enum Location: Hashable, Sendable {
    /// Always the same address.
    case address(Address)
    /// The end of a chain of pointers, which is followed anew each time.
    case chain(PointerChain)
    /// The end of a path, which is followed anew each time.
    case path(AddressPath)
  }

  /// The memory it lies in.
  public let source: any MemorySource
  /// Where it lies there.
  public let location: Location
  /// What it is.
  public let element: ScatterItem.Element
  /// How the program disguises it; only for single values.
  public let encoding: StoredEncoding

  /// A place.
  /// - Parameters:
  ///   - source: the memory it lies in.
  ///   - location: where it lies there.
  ///   - element: what it is.
  ///   - encoding: how the program disguises a single value; default not at all.
  public init(
    in source: any MemorySource, at location: Location, _ element: ScatterItem.Element,
    encoding: StoredEncoding = .none
  ) {
    self.source = source
    self.location = location
    self.element = element
    self.encoding = encoding
  }

  /// What is read there: a disguised value as the plain word it is stored as.
  var stored: ScatterItem.Element {
    guard !encoding.isNone, case .scalar(let format) = element else { return element }
    let type: ScalarType =
      switch format.byteCount(pointerWidth: source.pointerWidth) {
      case 1: .u8
      case 2: .u16
      case 4: .u32
      default: .u64
      }
    return .scalar(ScalarFormat(type, byteOrder: format.byteOrder))
  }

  /// What the program means by what was read.
  func meaning(of outcome: ScatterOutcome) -> ScatterOutcome {
    guard !encoding.isNone, case .scalar(let format) = element, case .scalar(let word) = outcome
    else { return outcome }
    let bits: UInt64 =
      switch word {
      case .integer(let value): UInt64(bitPattern: value)
      case .unsigned(let value): value
      case .real, .boolean: 0
      }
    return .scalar(encoding.decode(bits, as: format, pointerWidth: source.pointerWidth))
  }
}
