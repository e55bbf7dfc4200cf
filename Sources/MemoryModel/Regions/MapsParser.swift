/// Reads the text of proc_pid_maps(5) byte by byte.
///
/// A line is `start-end perms offset major:minor inode`, padding and a name which runs to the
/// newline. In a name the kernel escapes only the newline, as `\012`; a backslash stays one, so a
/// name that really holds these four characters cannot be told from one with a newline.
struct MapsParser {
  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  private var index = 0
  private var line = 1
  private var lineStart = 0
  /// The last name and what it was taken from: neighbours usually share it, and then share its
  /// storage.
  private var lastName: [UInt8] = []
  private var lastKind: (permissions: Permissions, major: UInt32, kind: RegionKind)?

  /// A parser at the first of `count` bytes.
  init(_ bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  /// Whether every byte was read.
  var isAtEnd: Bool { index >= count }

  /// The next line's region.
  mutating func next() throws(MapsSyntaxError) -> Region {
    let start = try hexadecimal()
    try expect(UInt8(ascii: "-"), "'-'")
    let end = try hexadecimal()
    try expect(UInt8(ascii: " "), "a space")
    let permissions = try permissions()
    try expect(UInt8(ascii: " "), "a space")
    let offset = try hexadecimal()
    try expect(UInt8(ascii: " "), "a space")
    let major = UInt32(truncatingIfNeeded: try hexadecimal())
    try expect(UInt8(ascii: ":"), "':'")
    let minor = UInt32(truncatingIfNeeded: try hexadecimal())
    try expect(UInt8(ascii: " "), "a space")
    let inode = try decimal()
    let sharesName = name()
    try endLine()
    let kind = kind(permissions, major, sharesName)
    return Region(
      range: AddressRange(start: Address(start), end: Address(end)), permissions: permissions,
      offset: offset, deviceMajor: major, deviceMinor: minor, inode: inode, nameBytes: lastName,
      kind: kind)
  }

  /// The kind, worked out once for a run of lines that differ in nothing it depends on.
  private mutating func kind(
    _ permissions: Permissions, _ major: UInt32, _ sharesName: Bool
  ) -> RegionKind {
    if sharesName, let last = lastKind, last.permissions == permissions, last.major == major {
      return last.kind
    }
    let kind = RegionKind.of(name: lastName, permissions: permissions, deviceMajor: major)
    lastKind = (permissions, major, kind)
    return kind
  }

  /// One to sixteen hexadecimal digits.
  private mutating func hexadecimal() throws(MapsSyntaxError) -> UInt64 {
    var value: UInt64 = 0
    let first = index
    while index < count {
      let byte = bytes[index]
      let digit: UInt8
      if byte &- 0x30 < 10 {
        digit = byte &- 0x30
      } else if (byte | 0x20) &- 0x61 < 6 {
        digit = (byte | 0x20) &- 0x57
      } else {
        break
      }
      value = value &<< 4 | UInt64(truncatingIfNeeded: digit)
      index &+= 1
    }
    if index == first || index &- first > 16 { throw wrong("a hexadecimal number") }
    return value
  }

  /// One to twenty decimal digits that fit 64 bits.
  private mutating func decimal() throws(MapsSyntaxError) -> UInt64 {
    var value: UInt64 = 0
    let first = index
    while index < count {
      let digit = bytes[index] &- 0x30
      guard digit < 10 else { break }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = product.addingReportingOverflow(UInt64(digit))
      if tooLarge || overflow { throw wrong("a number of at most 64 bits") }
      value = sum
      index &+= 1
    }
    if index == first { throw wrong("a number") }
    return value
  }

  /// The four characters of the permissions.
  private mutating func permissions() throws(MapsSyntaxError) -> Permissions {
    guard count &- index >= 4,
      let permissions = Permissions(
        bytes[index], bytes[index &+ 1], bytes[index &+ 2], bytes[index &+ 3])
    else { throw wrong("permissions such as rw-p") }
    index &+= 4
    return permissions
  }

  /// Takes the name into `lastName`; says whether it is the one that stood there before.
  private mutating func name() -> Bool {
    while index < count, bytes[index] == UInt8(ascii: " ") { index &+= 1 }
    let first = index
    var hasBackslash = false
    while index < count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: "\\") { hasBackslash = true }
      index &+= 1
    }
    let length = index &- first
    if !hasBackslash, isLastName(first, length) { return true }
    let raw = UnsafeBufferPointer(start: bytes + first, count: length)
    lastName = hasBackslash ? Self.unescaped(raw) : Array(raw)
    return false
  }

  /// Whether `length` bytes from `first` are the name taken last.
  private func isLastName(_ first: Int, _ length: Int) -> Bool {
    guard lastName.count == length else { return false }
    let place = bytes + first
    return lastName.withUnsafeBufferPointer { known in
      guard let known = known.baseAddress else { return true }
      var index = length
      while index > 0 {
        index &-= 1
        if known[index] != place[index] { return false }
      }
      return true
    }
  }

  /// The name with each `\012` turned back into a newline.
  private static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var name: [UInt8] = []
    name.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      if raw[index] == 0x5C, raw.count &- index >= 4, raw[index &+ 1] == 0x30,
        raw[index &+ 2] == 0x31, raw[index &+ 3] == 0x32
      {
        name.append(0x0A)
        index &+= 4
      } else {
        name.append(raw[index])
        index &+= 1
      }
    }
    return name
  }

  /// Steps over the newline; the last line need not have one.
  private mutating func endLine() throws(MapsSyntaxError) {
    if index < count { index &+= 1 }
    line &+= 1
    lineStart = index
  }

  /// Steps over one byte that must be there.
  private mutating func expect(_ byte: UInt8, _ name: StaticString) throws(MapsSyntaxError) {
    guard index < count, bytes[index] == byte else { throw wrong(name) }
    index &+= 1
  }

  /// The error at the current byte.
  private func wrong(_ expected: StaticString) -> MapsSyntaxError {
    MapsSyntaxError(line: line, column: index &- lineStart &+ 1, expected: expected.description)
  }
}

extension Region {
  /// Parses one line of proc_pid_maps(5), with or without its newline. Opens no file.
  /// - Throws: `MapsSyntaxError` with the column of the first byte that does not fit; also for a
  ///   second line.
  public init(mapsLine line: [UInt8]) throws(MapsSyntaxError) {
    var end = line.endIndex
    if line.last == 0x0A { end &-= 1 }
    let result: Result<Region, MapsSyntaxError> = line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return .failure(MapsSyntaxError(line: 1, column: 1, expected: "a hexadecimal number"))
      }
      var parser = MapsParser(base, count: end)
      return Result { () throws(MapsSyntaxError) in
        let region = try parser.next()
        if !parser.isAtEnd { throw MapsSyntaxError(line: 1, column: end, expected: "one line") }
        return region
      }
    }
    self = try result.get()
  }
}
