public import LuaHost
import MemoryModel

extension Display {
  /// The values at some places of a call, as a person is shown them. Only a `__tostring` of the script
  /// may run, under protection.
  public func results(_ call: borrowing Call, _ places: Range<Int32>) throws -> [UInt8] {
    var limits = InspectionLimits()
    limits.entries = 400
    limits.describesObject = { !($0 is any DisplayedObject) }
    var values: [InspectedValue] = []
    for place in places where !LuaState.isInterrupted {
      values.append(call.inspect(at: place, limits: limits))
    }
    return bytes(lines(values))
  }

  /// Short values on one line, as print has them; others below each other.
  func lines(_ values: [InspectedValue]) -> [StyledText] {
    let text = ValueText(names: AddressNames(target), width: width)
    let shown = values.map { lines($0, text) }
    guard values.count > 1, shown.allSatisfy({ $0.count == 1 }) else {
      return Array(shown.joined())
    }
    // In the columns that print's tabs would have them in.
    let line = shown.dropFirst().reduce(shown[0][0]) { line, next in
      line.padded(to: (line.width / 8 + 1) * 8) + next[0]
    }
    return line.width <= width ? [line] : Array(shown.joined())
  }

  private func lines(_ value: InspectedValue, _ text: ValueText) -> [StyledText] {
    switch value {
    case .bytes(let bytes, let count): return string(bytes, count)
    case .described(let bytes, let count): return plain(bytes, count)
    case .object(let object as any DisplayedObject, _): return object.lines(width: width).map { $0.cut(to: width) }
    case .declared(let place):
      return [
        StyledText(place.signature, .function),
        StyledText("  \(place.declaration.summary)", .dim).cut(to: width),
      ]
    default: return text.lines(value)
    }
  }

  // MARK: Strings

  private static let mostDumped = 1024
  private static let mostText = 1 << 16

  private func string(_ bytes: [UInt8], _ count: Int) -> [StyledText] {
    if count == bytes.count, let note = recent.origin(of: bytes), note.text != nil || !isText(bytes) {
      return dump(recent.dump(note), count: note.bytes.count)
    }
    return isText(bytes)
      ? plain(bytes, count) : dump(ByteDump(start: nil, bytes: bytes.map { $0 }), count: count)
  }

  /// Whether a person can read it: UTF-8, and no control characters but the ends of lines and tabs.
  private func isText(_ bytes: [UInt8]) -> Bool {
    let start = bytes.prefix(4096)
    if start.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 && $0 != 0x0D || $0 == 0x7F }) {
      return false
    }
    // A character that is cut at the end is none that is wrong.
    let tail = start.count < bytes.count ? start.reversed().prefix { $0 & 0xC0 == 0x80 }.count + 1 : 0
    return String(validating: start.dropLast(tail), as: UTF8.self) != nil
  }

  /// Text as it stands, so that what is asked for as text can be read: pages, tables, listings.
  private func plain(_ bytes: [UInt8], _ count: Int) -> [StyledText] {
    let shown = bytes.prefix(Self.mostText)
    var lines = shown.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      StyledText(bytes: line.map { $0 == 0x09 ? 0x20 : $0 })
    }
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    let rest = count - shown.count
    if rest > 0 { lines.append(StyledText("... \(rest) more bytes", .dim)) }
    return lines
  }

  private func dump(_ dump: ByteDump, count: Int) -> [StyledText] {
    let shown = ByteDump(
      start: dump.start, bytes: Array(dump.bytes.prefix(Self.mostDumped)), old: dump.old)
    var lines = shown.lines(width: width)
    if count > shown.bytes.count {
      lines.append(StyledText("... \(count - shown.bytes.count) more bytes", .dim))
    }
    let known = dump.bytes.compactMap(\.self)
    if known.count >= 256 {
      let strip = ByteEntropy.strip(known, columns: min(64, width - 10))
      lines.append(StyledText("entropy ", .dim) + StyledText(strip, .hint))
    }
    if dump.changedCount > 0 {
      let bytes = dump.changedCount == 1 ? "1 byte has" : "\(dump.changedCount) bytes have"
      lines.append(StyledText("\(bytes) changed since it was shown last", .hint))
    }
    return lines
  }
}
