/// A word of a program that its loader fills in.
public struct ImageFixup: Hashable, Sendable {
  /// What the loader puts there.
  public enum Value: Hashable, Sendable {
    /// The distance by which the image was moved, added to a number that the file gives elsewhere.
    case moved(UInt64)
    /// The distance by which the image was moved, added to what stands in the file.
    case movedInPlace
    /// Something that the file alone does not tell, such as where another module's function lies.
    case unknown
  }

  /// Where it is, by the file's own addresses.
  public let address: UInt64
  /// How many bytes it has, 1 to 16.
  public let byteCount: Int
  /// What is put there.
  public let value: Value

  /// A fixup; its size is kept between 1 and 16.
  public init(address: UInt64, byteCount: Int, value: Value) {
    self.address = address
    self.byteCount = min(max(byteCount, 1), 16)
    self.value = value
  }

  /// The most bytes one has.
  public static let longest: UInt64 = 16
}

extension [ImageFixup] {
  /// The index of the first that may reach `address` or beyond, in a list that rises by address.
  public func firstIndex(reaching address: UInt64) -> Int {
    let wanted = address < ImageFixup.longest ? 0 : address - (ImageFixup.longest - 1)
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle].address < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
