import MemoryModel

/// What was read last, so that the prompt can show bytes with the addresses they came from: a string
/// itself does not know.
final class RecentBytes {
  struct Note {
    let pid: Int
    let address: Address
    let bytes: [UInt8?]
    /// What a hexdump made of them; nil: the bytes themselves were given.
    let text: [UInt8]?
  }

  private static let most = 8
  private static let longest = 1 << 16
  private var notes: [Note] = []
  /// What was shown last of a place, to mark what has changed since.
  private var shown: [Place: [UInt8?]] = [:]

  private struct Place: Hashable {
    let pid: Int
    let address: Address
  }

  func note(_ pid: Int, _ address: Address, _ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= Self.longest else { return }
    add(Note(pid: pid, address: address, bytes: bytes.map { $0 }, text: nil))
  }

  func note(_ pid: Int, _ address: Address, _ bytes: [UInt8?], as text: String) {
    guard bytes.count <= Self.longest else { return }
    add(Note(pid: pid, address: address, bytes: bytes, text: Array(text.utf8)))
  }

  private func add(_ note: Note) {
    if notes.count >= Self.most { notes.removeFirst() }
    notes.append(note)
  }

  /// Where bytes were read, or what a dump shows; the last time that they were.
  func origin(of bytes: [UInt8]) -> Note? {
    notes.last { note in
      if let text = note.text { return text == bytes }
      return note.bytes.count == bytes.count && zip(note.bytes, bytes).allSatisfy { $0 == $1 }
    }
  }

  /// The dump of a note, with what has changed since that place was shown before.
  func dump(_ note: Note) -> ByteDump {
    let place = Place(pid: note.pid, address: note.address)
    let old = shown[place]
    if shown.count > 256 { shown.removeAll() }
    shown[place] = note.bytes
    return ByteDump(start: note.address, bytes: note.bytes, old: old)
  }
}
