/// Comparing names that are bytes, not text, with words of ours.
extension [UInt8] {
  /// Whether the bytes start with `word`.
  func hasPrefix(_ word: StaticString) -> Bool {
    guard count >= word.utf8CodeUnitCount else { return false }
    return withUnsafeBufferPointer { bytes in
      for index in 0..<word.utf8CodeUnitCount where bytes[index] != word.utf8Start[index] {
        return false
      }
      return true
    }
  }

  /// Whether the bytes end with `word`.
  func hasSuffix(_ word: StaticString) -> Bool {
    let skipped = count &- word.utf8CodeUnitCount
    guard skipped >= 0 else { return false }
    return withUnsafeBufferPointer { bytes in
      for index in 0..<word.utf8CodeUnitCount where bytes[skipped &+ index] != word.utf8Start[index]
      {
        return false
      }
      return true
    }
  }

  /// Whether the bytes are `word`.
  func equals(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && hasPrefix(word)
  }
}
