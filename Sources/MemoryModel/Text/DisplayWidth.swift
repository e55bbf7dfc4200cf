/// How many columns of a terminal a text without control characters takes.
///
/// Marks that combine take none, characters of East Asian writing and emoji take two. Terminals do not
/// agree about emoji that are joined; such a text may come out narrower than is said here.
public func displayWidth(_ text: some StringProtocol) -> Int {
  // Nearly all text is ASCII, where bytes are columns.
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.unicodeScalars.reduce(0) { $0 &+ columns(of: $1) }
}

/// The columns of one scalar: 0, 1 or 2.
func columns(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  // The vowels and finals that complete a Hangul syllable.
  if (0x1160...0x11FF).contains(scalar.value) { return 0 }
  return isWide(scalar.value) || scalar.properties.isEmojiPresentation ? 2 : 1
}

/// Wide by Unicode's annex 11, from the blocks that hold such characters.
private func isWide(_ value: UInt32) -> Bool {
  switch value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
    true
  default: false
  }
}
