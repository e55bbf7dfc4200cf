import Glibc

extension Block {
  /// A page before a hole, whose last bytes are `bytes`; the part that holds them.
  static func atEdge(_ bytes: some Collection<UInt8>) -> Block {
    let pages = Block.pages(2 * pageSize)
    pages.pages(from: 1).unmap()
    let part = Block(base: pages.base + (pageSize - bytes.count), byteCount: bytes.count)
    part.store(raw: bytes)
    return part
  }

  func store(raw bytes: some Collection<UInt8>) {
    for (offset, byte) in bytes.enumerated() { store(byte, at: offset) }
  }
}

extension Layout {
  static let strings: [Layout] = [
    Layout(
      "string-at-edge",
      "edge_terminated= edge_unterminated= edge_utf16= edge_odd= before holes; edge_straddle="
    ) { stage, _ in
      stage.add("edge_terminated", .atEdge("edge of the map\0".utf8))
      stage.add("edge_unterminated", .atEdge("no end in sight!".utf8))
      stage.add("edge_utf16", .atEdge([0x65, 0, 0x6e, 0, 0x64, 0]))
      stage.add("edge_odd", .atEdge([0x41, 0, 0x42]))
      let pages = Block.pages(2 * pageSize)
      let part = Block(base: pages.base + (pageSize - 20), byteCount: 40)
      part.store(raw: "this text lies across two mapped pages..".utf8)
      stage.add("edge_straddle", part)
    }
  ]
}
