/// A pattern for paths and names, on bytes: with `*` (any run of bytes) and `?` (any one byte) it
/// must cover the whole path or its last part; without them it may stand anywhere in the path.
public struct NamePattern: Hashable, Sendable {
  /// The pattern's bytes.
  public let bytes: [UInt8]
  private let isPlain: Bool

  /// The pattern made of these bytes.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.isPlain = !bytes.contains(UInt8(ascii: "*")) && !bytes.contains(UInt8(ascii: "?"))
  }

  /// The pattern made of the text's UTF-8.
  public init(_ text: String) { self.init(Array(text.utf8)) }

  /// Whether a path passes; a name without bytes never does.
  public func matches(_ path: [UInt8]) -> Bool {
    guard !path.isEmpty else { return false }
    if isPlain { return Self.isFound(bytes[...], in: path[...]) }
    if Self.covers(bytes, path[...]) { return true }
    return Self.covers(bytes, baseName(path))
  }

  private static func isFound(_ needle: ArraySlice<UInt8>, in path: ArraySlice<UInt8>) -> Bool {
    guard needle.count <= path.count else { return false }
    for start in path.startIndex...(path.endIndex &- needle.count)
    where path[start..<(start &+ needle.count)].elementsEqual(needle) {
      return true
    }
    return false
  }

  /// The usual two-pointer match: on a mismatch the last `*` takes one byte more.
  private static func covers(_ pattern: [UInt8], _ text: ArraySlice<UInt8>) -> Bool {
    var place = 0
    var index = text.startIndex
    var star: (place: Int, index: Int)?
    while index < text.endIndex {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, index)
        place &+= 1
      } else if place < pattern.count,
        pattern[place] == UInt8(ascii: "?") || pattern[place] == text[index]
      {
        place &+= 1
        index &+= 1
      } else if let last = star {
        star = (last.place, last.index &+ 1)
        place = last.place &+ 1
        index = last.index &+ 1
      } else {
        return false
      }
    }
    while place < pattern.count, pattern[place] == UInt8(ascii: "*") { place &+= 1 }
    return place == pattern.count
  }
}

/// What follows the last `/` of a path, or all of it.
func baseName(_ path: [UInt8]) -> ArraySlice<UInt8> {
  guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
  return path[(slash &+ 1)...]
}
