/// The player: one heap block of 0x100 bytes with the fields a trainer looks for.
struct Player {
  enum Offset {
    static let health = 0x00
    static let gold = 0x04
    static let ammo = 0x08
    static let deaths = 0x0c
    static let position = 0x10
    static let speed = 0x1c
    static let nameUTF8 = 0x20
    static let nameUTF16 = 0x40
    static let inventory = 0x80
    static let key = 0x88
    static let encryptedScore = 0x8c
    static let experience = 0x90
    static let playTime = 0x98
    static let mana = 0xa0
    static let level = 0xa2
    static let alive = 0xa3
    static let luck = 0xa4
  }

  static let fullHealth: Int32 = 100
  private static let nameCapacity = 32

  let block = Block.heap(0x100)

  init(name: String, inventory: Inventory) {
    block.store(Self.fullHealth, at: Offset.health)
    block.store(Int32(250), at: Offset.gold)
    block.store(Int32(12), at: Offset.ammo)
    block.store(Vector(x: 1, y: 2, z: 3), at: Offset.position)
    block.store(Float(1.5), at: Offset.speed)
    block.store(text: name.utf8, at: Offset.nameUTF8, capacity: Self.nameCapacity)
    block.store(text: name.utf16, at: Offset.nameUTF16, capacity: Self.nameCapacity)
    block.store(inventory.head.address, at: Offset.inventory)
    block.store(UInt32(0x5eed_1e55), at: Offset.key)
    block.store(Int64(-5_000_000_000), at: Offset.experience)
    block.store(0.25, at: Offset.playTime)
    block.store(Int16(-7), at: Offset.mana)
    block.store(UInt8(9), at: Offset.level)
    block.store(UInt8(1), at: Offset.alive)
    block.store(UInt32(0x0102_0304).bigEndian, at: Offset.luck)
    score = 0
  }

  var health: Int32 {
    get { block.load(Offset.health) }
    nonmutating set { block.store(newValue, at: Offset.health) }
  }

  var gold: Int32 {
    get { block.load(Offset.gold) }
    nonmutating set { block.store(newValue, at: Offset.gold) }
  }

  var ammo: Int32 {
    get { block.load(Offset.ammo) }
    nonmutating set { block.store(newValue, at: Offset.ammo) }
  }

  var deaths: UInt32 {
    get { block.load(Offset.deaths) }
    nonmutating set { block.store(newValue, at: Offset.deaths) }
  }

  var position: Vector {
    get { block.load(Offset.position) }
    nonmutating set { block.store(newValue, at: Offset.position) }
  }

  /// The score, kept in memory only as `score ^ key`.
  var score: UInt32 {
    get { block.load(Offset.encryptedScore) ^ block.load(Offset.key) }
    nonmutating set {
      block.store(newValue ^ block.load(Offset.key), at: Offset.encryptedScore)
    }
  }

  var names: [String] {
    [
      block.text(Offset.nameUTF8, capacity: Self.nameCapacity, as: UTF8.self),
      block.text(Offset.nameUTF16, capacity: Self.nameCapacity, as: UTF16.self),
    ]
  }

  func hurt(_ damage: Int32) {
    takeDamage(block.base.assumingMemoryBound(to: Int32.self), damage)
  }

  func list(in book: inout AddressBook) {
    book.add("player", block)
    let fields: [(String, Int)] = [
      ("health", Offset.health), ("gold", Offset.gold), ("ammo", Offset.ammo),
      ("deaths", Offset.deaths), ("pos", Offset.position), ("speed", Offset.speed),
      ("name_utf8", Offset.nameUTF8), ("name_utf16", Offset.nameUTF16),
      ("inventory", Offset.inventory), ("key", Offset.key),
      ("score_encrypted", Offset.encryptedScore), ("experience", Offset.experience),
      ("playtime", Offset.playTime), ("mana", Offset.mana), ("level", Offset.level),
      ("alive", Offset.alive), ("luck_be", Offset.luck),
    ]
    for (key, offset) in fields { book.add(key, block.address + UInt64(offset)) }
  }
}

/// Three f32 side by side.
struct Vector: BitwiseCopyable, CustomStringConvertible {
  var x: Float
  var y: Float
  var z: Float

  var description: String { "\(x) \(y) \(z)" }
}
