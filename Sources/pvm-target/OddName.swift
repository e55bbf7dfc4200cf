import Glibc

/// A file name that a careless reader of /proc/PID/maps gets wrong.
struct OddName: Sendable {
  let kind: String
  let name: [UInt8]
  var isUnlinked = false

  static let all = [
    OddName(kind: "newline", name: Array("two\nlines".utf8)),
    OddName(kind: "space", name: Array("with  spaces ".utf8)),
    OddName(kind: "nonutf8", name: [0x62, 0x61, 0x64, 0xff, 0xfe]),
    OddName(kind: "deleted", name: Array("gone".utf8), isUnlinked: true),
    OddName(kind: "fakedeleted", name: Array("still here (deleted)".utf8)),
    OddName(kind: "heap", name: Array("[heap]".utf8)),
    OddName(kind: "backslash", name: Array(#"back\012slash"#.utf8)),
    OddName(kind: "long", name: longName),
    OddName(kind: "forged", name: forgedLine),
  ]

  /// Fourteen folders of 250 letters each, about 3.5 KB.
  private static let longName = Array(
    (0..<14).map { _ in String(repeating: "d", count: 250) }.joined(separator: "/").utf8)

  /// The name of a memfd, which ends its maps line and seems to begin another.
  private static let forgedLine = Array(
    "x\n7f0000000000-7f0000001000 rw-p 00000000 00:00 0   [heap]".utf8)

  func map(in folder: [UInt8], _ stage: Stage) {
    let (block, shownName) = kind == "forged" ? mapMemfd() : mapFile(in: folder, stage.scratch)
    stage.book.add("odd_\(kind)", block)
    stage.book.add("odd_\(kind)_name", text: shownName.map(Self.twoDigits).joined())
  }

  private func mapMemfd() -> (Block, shownName: [UInt8]) {
    let block = Layout.anonymousFile(String(decoding: name, as: UTF8.self), pageSize)
    block.fillWithPattern()
    return (block, Array("/memfd:".utf8) + name + Array(" (deleted)".utf8))
  }

  private func mapFile(
    in folder: [UInt8], _ scratch: ScratchFolder
  ) -> (Block, shownName: [UInt8]) {
    let path = folder + [UInt8(ascii: "/")] + name
    makeFolders(of: path, after: folder.count, scratch)
    let block = Layout.mappedFile(path, pages: 1, MAP_PRIVATE, in: scratch)
    guard isUnlinked else { return (block, path) }
    _ = Layout.withPath(path) { unlink($0) }
    return (block, path + Array(" (deleted)".utf8))
  }

  private func makeFolders(of path: [UInt8], after start: Int, _ scratch: ScratchFolder) {
    for (index, byte) in path.enumerated() where index > start && byte == UInt8(ascii: "/") {
      let folder = Array(path[..<index])
      if Layout.withPath(folder, { mkdir($0, 0o700) }) == 0 { scratch.note(folder) }
    }
  }

  private static func twoDigits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
