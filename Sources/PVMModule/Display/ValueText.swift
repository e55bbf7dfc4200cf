import LuaHost
import MemoryModel

/// Lua values in words and colours.
struct ValueText {
  let names: AddressNames
  let width: Int
  /// Bytes of a string inside a table.
  private static let longestText = 120

  // MARK: On one line

  /// At most `room` columns; nil where it is more.
  func inline(_ value: InspectedValue, room: Int = .max) -> StyledText? {
    let text: StyledText
    switch value {
    case .table(let table):
      guard let inner = inline(table, room: room) else { return nil }
      text = inner
    default: text = scalar(value)
    }
    return text.width <= room ? text : nil
  }

  private func inline(_ table: InspectedTable, room: Int) -> StyledText? {
    var text = StyledText("{")
    var isFirst = true
    func add(_ part: StyledText) -> Bool {
      if !isFirst { text.append(", ") }
      isFirst = false
      text += part
      return text.width <= room
    }
    for item in table.items {
      guard let part = inline(item, room: room), add(part) else { return nil }
    }
    if let more = more(table.itemCount - table.items.count), !add(more) { return nil }
    for field in table.fields {
      guard let part = inline(field.value, room: room), add(key(field.key) + part) else {
        return nil
      }
    }
    if let more = more(table.fieldCount - table.fields.count), !add(more) { return nil }
    text.append("}")
    return text
  }

  /// `... 312 more`.
  func more(_ count: Int) -> StyledText? {
    count > 0 ? StyledText("... \(count) more", .dim) : nil
  }

  /// `name = `, or `["a b"] = `.
  func key(_ key: InspectedValue) -> StyledText {
    if case .bytes(let bytes, let count) = key, count == bytes.count, Self.isName(bytes) {
      return StyledText(bytes: bytes, .name) + StyledText(" = ")
    }
    return StyledText("[") + scalar(key) + StyledText("] = ")
  }

  private static func isName(_ bytes: [UInt8]) -> Bool {
    let tokens = LuaLexer.tokens(of: bytes)
    return tokens.count == 1 && tokens[0].kind == .name && tokens[0].range.count == bytes.count
  }

  func scalar(_ value: InspectedValue) -> StyledText {
    switch value {
    case .null: StyledText("nil", .constant)
    case .boolean(let truth): StyledText(truth ? "true" : "false", .constant)
    case .integer(let number): integer(number)
    case .number(let text): StyledText(text, .number)
    case .bytes(let bytes, let count): quoted(bytes, count)
    case .table(let table):
      StyledText("{... \(table.itemCount + table.fieldCount) entries}", .dim)
    case .cycle(let levels):
      StyledText(levels == 1 ? "<this table>" : "<the table \(levels - 1) further out>", .dim)
    case .deeper(let entries): StyledText(entries == 0 ? "{}" : "{... \(entries) entries}", .dim)
    case .declared(let place): StyledText(place.signature, .function)
    case .function(let text):
      StyledText(text.name ?? "function", .function)
        + StyledText(text.name.flatMap { StandardLibrary.entry($0)?.arguments } ?? text.argumentList)
        + StyledText(text.place.map { " \($0)" } ?? "", .dim)
    case .object(let object, let name): self.object(object, name)
    case .described(let bytes, let count): cut(bytes, count)
    case .failed(let bytes, let name):
      StyledText("<\(name), whose __tostring failed: ", .error)
        + cut(bytes, bytes.count) + StyledText(">", .error)
    }
  }

  private func object(_ object: AnyObject?, _ name: String) -> StyledText {
    guard let object else { return StyledText("\(name) (closed)", .dim) }
    return (object as? any DisplayedObject)?.line ?? StyledText(name, .dim)
  }

  private func cut(_ bytes: [UInt8], _ count: Int) -> StyledText {
    let shown = bytes.prefix(Self.longestText)
    let line = shown.prefix { $0 != 0x0A }
    let text = StyledText(bytes: Array(line))
    return line.count < count ? text + StyledText("...", .dim) : text
  }

  /// `1193046 (0x123456, game+0x12 rw-p)`.
  func integer(_ number: Int64) -> StyledText {
    var text = StyledText("\(number)", .number)
    guard number > 0xFFFF || number < -0xFFFF else { return text }
    text.append(" (0x\(String(UInt64(bitPattern: number), radix: 16))", .dim)
    if let name = names.name(of: number) { text.append(", \(name)", .hint) }
    text.append(")", .dim)
    return text
  }

  /// A Lua string, cut.
  private func quoted(_ bytes: [UInt8], _ count: Int) -> StyledText {
    let shown = Array(bytes.prefix(Self.longestText))
    let literal = printable(shown).replacing("\"", with: "\\\"")
    let text = StyledText("\"\(literal)\"", .string)
    let rest = count - shown.count
    return rest > 0 ? text + StyledText(" ... \(rest) more bytes", .dim) : text
  }
}
