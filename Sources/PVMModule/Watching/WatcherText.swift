import LuaHost
import MemoryModel
import RemoteMemory

extension WatcherObject {
  /// A headline and a line for each place; what the last update found changed is marked.
  var text: String {
    var lines = [headline]
    let rows = (0..<min(watch.count, Self.longest)).map { index in
      let now = watch.new(at: index)
      let isChanged = watch.hasChanged(at: index)
      let format = watch.places[index].element.format
      return [
        (isChanged ? "* " : "  ") + names.label(index), now.text(as: format),
        isChanged ? "was " + watch.old(at: index).text(as: format) : "",
      ]
    }
    lines += TextTable(rows: rows).lines().map(\.plain)
    if watch.count > Self.longest { lines.append("... \(watch.count - Self.longest) more") }
    return lines.joined(separator: "\n")
  }

  /// The most places that are listed.
  private static var longest: Int { 100 }

  /// `3 places in process 4121 (supertux2), 1 changed`.
  private var headline: String {
    let sources = watch.sources
    let place = sources.count == 1 ? sources[0].label : "\(sources.count) processes"
    let changes = watch.changes.count
    return "\(watch.count) \(watch.count == 1 ? "place" : "places") in \(place), "
      + (changes == 0 ? "nothing changed" : "\(changes) changed")
  }
}

extension ScatterOutcome {
  /// For people, on one line of moderate length.
  func text(as format: ScalarFormat?) -> String {
    switch self {
    case .scalar(let value): return format?.text(of: value) ?? value.description
    case .array(let values):
      let shown = values.prefix(8).map { format?.text(of: $0) ?? $0.description }
      return "{" + (shown + (values.count > 8 ? ["..."] : [])).joined(separator: ", ") + "}"
    case .bytes(let bytes): return Self.shortened(bytes)
    case .text(let text): return Self.shortened(text.text)
    case .failure(let error): return "unreadable (\(error.code))"
    }
  }

  private static func shortened(_ bytes: [UInt8]) -> String {
    let text = printable(Array(bytes.prefix(160)))
    return text.count <= 40 ? text : text.prefix(37) + "..."
  }
}
