extension Layout {
  static let chains: [Layout] = [
    Layout(
      "deep-chain", default: 50, "deep_root= N hops over +0x18 to an i32 4242 at +0x20; deep_end="
    ) {
      stage, count in
      let nodes = (0..<count).map { _ in Block.heap(0x30) }
      for (node, next) in zip(nodes, nodes.dropFirst()) { node.store(next.address, at: 0x18) }
      nodes[count - 1].store(Int32(4242), at: 0x20)
      let root = Block.heap(8)
      root.store(nodes[0].address, at: 0)
      stage.book.add("deep_root", root)
      stage.book.add("deep_hops", UInt64(count))
      stage.book.add("deep_end", nodes[count - 1].address + 0x20)
    },
    Layout(
      "quest-tree", default: 5,
      "quest_root= pointer to a binary tree of N levels: +0x00 left, +0x08 right, +0x10 key i32, +0x14 done bool, +0x18 title char[24]; quests="
    ) {
      stage, levels in
      let tree = QuestTree(levels: min(max(levels, 1), 16))
      stage.book.add("quest_root", tree.root)
      stage.book.add("quests", UInt64(tree.quests.count))
    },
    Layout("broken-chain", "broken_root= to a node whose +0x10 points at the unmapped 0x10") {
      stage, _ in
      let node = Block.heap(0x20)
      node.store(UInt64(0x10), at: 0x10)
      let root = Block.heap(8)
      root.store(node.address, at: 0)
      stage.book.add("broken_root", root)
    },
  ]
}
