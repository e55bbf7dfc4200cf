/// What the layouts of one run share: the address book, the folder for files, and what they ask
/// of the game loop.
final class Stage {
  var book: AddressBook
  let scratch: ScratchFolder
  /// The program replaces itself after so many seconds.
  var execSeconds: Double?
  /// The game goes on in a second thread, and the first one ends.
  var leaderExits = false
  /// One u64 counter for each thread of the layout `threads`.
  var threadCounts: [Block] = []
  /// Layouts of contents ask for huge pages instead of small ones.
  let usesHugePages: Bool
  /// The contents in which the command `add` changes values.
  var changeable: [Block] = []

  init(_ book: AddressBook, scratch: ScratchFolder, usesHugePages: Bool) {
    self.book = book
    self.scratch = scratch
    self.usesHugePages = usesHugePages
  }

  /// Ranges to unmap when every layout has what it needs, so that no mapping lands in a hole.
  private var holes: [Block] = []

  func addHole(_ block: Block) { holes.append(block) }

  func unmapHoles() {
    for hole in holes { hole.unmap() }
    holes = []
  }

  /// Adds a block under `key` and its size under `key_bytes`.
  func add(_ key: String, _ block: Block) {
    book.add(key, block)
    book.add(key + "_bytes", UInt64(block.byteCount))
  }
}
