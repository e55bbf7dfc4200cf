/// Quests in a full binary tree of search, sorted by key: 1 is the least.
///
/// A quest holds +0x00 left, +0x08 right, +0x10 key i32, +0x14 done bool, +0x18 title char[24].
struct QuestTree {
  /// A pointer to the topmost quest.
  let root = Block.heap(8)
  private(set) var quests: [Block] = []

  init(levels: Int) {
    let topmost = make(keys: 1...((1 << levels) - 1))
    root.store(topmost, at: 0)
  }

  /// A subtree of an odd number of keys; gives the address of its topmost quest.
  private mutating func make(keys: ClosedRange<Int>) -> UInt64 {
    let key = (keys.lowerBound + keys.upperBound) / 2
    let quest = Block.heap(0x30)
    quests.append(quest)
    quest.store(Int32(key), at: 0x10)
    quest.store(UInt8(key % 3 == 0 ? 1 : 0), at: 0x14)
    quest.store(text: "quest-\(key)".utf8, at: 0x18, capacity: 24)
    if keys.count > 1 {
      quest.store(make(keys: keys.lowerBound...(key - 1)), at: 0x00)
      quest.store(make(keys: (key + 1)...keys.upperBound), at: 0x08)
    }
    return quest.address
  }
}
