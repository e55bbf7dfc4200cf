/// The player's items: a singly linked list. A node holds +0x00 next (0 ends the list),
/// +0x08 value i32, +0x10 name char[16].
struct Inventory {
  let head: Block

  init(_ items: KeyValuePairs<String, Int32>) {
    let nodes = items.map { name, value in
      let node = Block.heap(0x20)
      node.store(value, at: 0x08)
      node.store(text: name.utf8, at: 0x10, capacity: 16)
      return node
    }
    for (node, next) in zip(nodes, nodes.dropFirst()) { node.store(next.address, at: 0x00) }
    head = nodes[0]
  }

  /// The items as they stand in memory now, from the pointer to the first node.
  static func items(from first: UInt64) -> [String] {
    var items: [String] = []
    var next = first
    while let base = UnsafeMutableRawPointer(bitPattern: UInt(next)), items.count < 100 {
      let node = Block(base: base, byteCount: 0x20)
      items.append(
        "\(node.text(0x10, capacity: 16, as: UTF8.self)) \(node.load(8, as: Int32.self))")
      next = node.load(0)
    }
    return items
  }
}
