import Glibc

/// The static from which the pointer chain starts; it lies in the program's own data.
nonisolated(unsafe) private var root: UInt64 = 0

/// The heap blocks between the static and the player.
///
/// `[root]` is the world, `[world + 0x10]` the session, `[session + 0x8]` the player.
/// World: +0x00 magic, +0x08 ticks u64, +0x10 session, +0x18 entities, +0x20 entity count u32.
/// Session: +0x00 id u64, +0x08 player.
struct World {
  let block = Block.heap(0x40)
  let session = Block.heap(0x20)

  init(player: Player, entities: EntityTable) {
    block.store(text: "PVMWORLD".utf8, at: 0x00, capacity: 9)
    block.store(UInt64(0), at: 0x08)
    block.store(session.address, at: 0x10)
    block.store(entities.block.address, at: 0x18)
    block.store(UInt32(EntityTable.count), at: 0x20)
    session.store(UInt64(7), at: 0x00)
    session.store(player.block.address, at: 0x08)
    root = block.address
  }

  var ticks: UInt64 {
    get { block.load(0x08) }
    nonmutating set { block.store(newValue, at: 0x08) }
  }

  static var rootAddress: UInt64 {
    withUnsafeMutablePointer(to: &root) { UInt64(UInt(bitPattern: $0)) }
  }

  func list(in book: inout AddressBook) {
    book.add("module", ProgramImage.base)
    book.add("root", Self.rootAddress)
    book.add("world", block)
    book.add("session", session)
  }
}
