import LuaHost
import MemoryModel
import RemoteMemory

extension ViewObject {
  /// A headline, and a line for each field or element.
  var text: String {
    let headline = "\(typeName) at \(address)" + (held == nil ? "" : ", as it was when it was read")
    do {
      let value = try value(of: whole)
      return ([headline] + HitsObject.aligned(rows(value))).joined(separator: "\n")
    } catch {
      let reason = (error as? RemoteMemoryError)?.message ?? "\(error)"
      return "\(headline): \(reason)"
    }
  }

  /// The most lines that are shown.
  private static var longest: Int { 100 }

  private func rows(_ value: StructValue) -> [[String]] {
    switch (element, value) {
    case (.nested(let layout), .record(let members)):
      return zip(layout.rows(width), members).prefix(Self.longest).map { row, member in
        [
          "  +0x" + String(row.offset, radix: 16), row.name, row.element.description,
          member.value.text(as: row.element),
        ]
      }
    case (.array(let inner, let count, _), .list(let items)):
      let shown = items.prefix(Self.longest).enumerated().map { index, item in
        ["  [\(index + 1)]", item.text(as: inner)]
      }
      return shown + (count > Self.longest ? [["  ..."]] : [])
    default: return []
    }
  }
}

extension StructValue {
  /// For people, on one line of moderate length.
  func text(as element: StructLayout.Element) -> String {
    switch (self, element) {
    case (.scalar(let value), .scalar(let format)) where format.type == .ptr:
      return value.addressText
    case (.scalar(let value), .scalar(let format)): return format.text(of: value)
    case (.scalar(let value), .pointer): return value.addressText
    case (.scalar(let value), _): return value.description
    case (.bytes(let bytes), _):
      let text = printable(Array(bytes.prefix(160)))
      return text.count <= 40 ? text : text.prefix(37) + "..."
    case (.list(let items), .array(let inner, _, _)):
      let shown = items.prefix(8).map { $0.text(as: inner) } + (items.count > 8 ? ["..."] : [])
      return "{" + shown.joined(separator: ", ") + "}"
    case (.record(let members), .nested(let layout)):
      let shown = zip(members, layout.fields).prefix(8).map { member, field in
        "\(member.key)=\(member.value.text(as: field.whole))"
      }
      return "{" + (shown + (members.count > 8 ? ["..."] : [])).joined(separator: ", ") + "}"
    case (.list, _), (.record, _): return "..."
    }
  }
}

extension ScalarValue {
  fileprivate var addressText: String {
    guard case .unsigned(let value) = self else { return description }
    return value == 0 ? "null" : "\(Address(value))"
  }
}

extension StructLayout.Field {
  /// The field as one element, an array included.
  fileprivate var whole: StructLayout.Element {
    count.map { .array(element, count: $0, stride: stride) } ?? element
  }
}
