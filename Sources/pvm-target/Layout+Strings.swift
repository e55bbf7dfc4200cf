import Glibc

extension Stage {
  /// Adds the bytes at the very end of a page that is followed by a hole.
  fileprivate func addAtEdge(_ key: String, _ bytes: some Collection<UInt8>) {
    let pages = Block.pages(2 * pageSize)
    addHole(pages.pages(from: 1))
    let part = Block(base: pages.base + (pageSize - bytes.count), byteCount: bytes.count)
    part.store(raw: bytes)
    add(key, part)
  }
}

extension Block {
  fileprivate func store(raw bytes: some Collection<UInt8>) {
    for (offset, byte) in bytes.enumerated() { store(byte, at: offset) }
  }
}

extension Layout {
  static let strings: [Layout] = [
    Layout(
      "string-at-edge",
      "edge_{terminated,unterminated,utf16,odd}= before holes; edge_straddle="
    ) { stage, _ in
      stage.addAtEdge("edge_terminated", "edge of the map\0".utf8)
      stage.addAtEdge("edge_unterminated", "no end in sight!".utf8)
      stage.addAtEdge("edge_utf16", [0x65, 0, 0x6e, 0, 0x64, 0])
      stage.addAtEdge("edge_odd", [0x41, 0, 0x42])
      let pages = Block.pages(2 * pageSize)
      let part = Block(base: pages.base + (pageSize - 20), byteCount: 40)
      part.store(raw: "this text lies across two mapped pages..".utf8)
      stage.add("edge_straddle", part)
    }
  ]
}
