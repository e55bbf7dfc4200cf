import MemoryModel
import RemoteMemory

/// A write in words and bytes, for a person to look at.
struct WriteText {
  /// How many rows of sixteen bytes are shown.
  private static let rowLimit = 4

  private let write: ProposedWrite

  init(_ write: ProposedWrite) { self.write = write }

  /// `process 4121 (game), [heap]+0x2a0: would write 4 bytes at 0x55d0c42a0 (cell "gold")`.
  var headline: String {
    let bytes = write.byteCount == 1 ? "1 byte" : "\(write.byteCount) bytes"
    let purpose = write.purpose.map { " (\($0))" } ?? ""
    return "\(write.process.label), \(place): would write \(bytes) at \(write.address)\(purpose)"
  }

  /// The module and the distance from its start, or the name or kind of the mapping.
  private var place: String {
    do throws(RemoteMemoryError) {
      if let name = try write.process.name(of: write.address) { return name }
      return try write.process.region(at: write.address)?.kind.rawValue ?? "nothing mapped"
    } catch {
      return error.code
    }
  }

  /// The headline and, below, old and new bytes.
  func text(colors: Bool) -> String {
    let rows = changedRows
    var text = headline + "\n"
    for row in rows.prefix(Self.rowLimit) {
      text += DiffDump(
        start: write.address.offset(by: Int64(row.lowerBound)),
        old: write.old[row].map { $0 }, new: write.new[row].map { $0 }
      ).text(colors: colors)
    }
    let hidden = rows.count - Self.rowLimit
    if hidden > 0 { text += "  and \(hidden) more rows of 16 bytes\n" }
    let unseen = write.byteCount - write.new.count
    if unseen > 0 { text += "  and \(unseen) bytes that were not compared\n" }
    return text
  }

  /// Parts of the bytes that lie within 16 aligned ones and hold a difference.
  private var changedRows: [Range<Int>] {
    var rows: [Range<Int>] = []
    var start = 0
    while start < write.new.count {
      let place = write.address.rawValue &+ UInt64(start)
      let end = min(start + 16 - Int(place % 16), write.new.count)
      if write.old[start..<end] != write.new[start..<end] { rows.append(start..<end) }
      start = end
    }
    return rows
  }
}
