/// Which scalars are the same letter in another case.
///
/// By the one-to-one mappings of Unicode; those of one scalar to several (ß to SS) are left out,
/// and so are those between ASCII and others (the Kelvin sign to k, the dotless i to I).
enum CaseClass {
  /// The scalar itself, first, and the same letter in other cases.
  static func members(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.isASCII {
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      return isLetter ? [scalar, Unicode.Scalar(UInt8(scalar.value) ^ 0x20)] : [scalar]
    }
    var members = [scalar]
    var index = 0
    while index < members.count {
      for other in neighbours(members[index]) where !members.contains(other) {
        members.append(other)
      }
      index &+= 1
    }
    return members
  }

  private static func neighbours(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let properties = scalar.properties
    let mapped = [
      properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping,
    ].compactMap { text -> Unicode.Scalar? in
      let scalars = text.unicodeScalars
      guard scalars.count == 1, let only = scalars.first, !only.isASCII else { return nil }
      return only
    }
    return mapped + (variants[scalar] ?? [])
  }

  /// Scalars that map to a letter to which that letter does not map back, by the lower-case letter.
  private static let variants: [Unicode.Scalar: [Unicode.Scalar]] = [
    "\u{DF}": ["\u{1E9E}"], "\u{E5}": ["\u{212B}"], "\u{3B2}": ["\u{3D0}"],
    "\u{3B5}": ["\u{3F5}"], "\u{3B8}": ["\u{3D1}", "\u{3F4}"], "\u{3B9}": ["\u{345}", "\u{1FBE}"],
    "\u{3BA}": ["\u{3F0}"], "\u{3BC}": ["\u{B5}"], "\u{3C0}": ["\u{3D6}"], "\u{3C1}": ["\u{3F1}"],
    "\u{3C3}": ["\u{3C2}"], "\u{3C6}": ["\u{3D5}"], "\u{3C9}": ["\u{2126}"],
    "\u{432}": ["\u{1C80}"], "\u{434}": ["\u{1C81}"], "\u{43E}": ["\u{1C82}"],
    "\u{441}": ["\u{1C83}"], "\u{442}": ["\u{1C84}", "\u{1C85}"], "\u{44A}": ["\u{1C86}"],
    "\u{463}": ["\u{1C87}"], "\u{A64B}": ["\u{1C88}"], "\u{1E61}": ["\u{1E9B}"],
  ]
}
