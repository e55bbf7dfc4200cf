import Glibc

/// The whole game: what a tick does, and what the state line says.
struct Game {
  let player: Player
  let world: World
  let entities: EntityTable
  let writingGround = Block.pages(0x10000)

  init() {
    let items: KeyValuePairs<String, Int32> = [
      "sword": 1, "shield": 2, "potion": 5, "scroll": 8, "key": 13,
    ]
    player = Player(name: "Zoë Starfall", inventory: Inventory(items))
    entities = EntityTable(target: player.block.address)
    world = World(player: player, entities: entities)
    writingGround.fillWithPattern()
  }

  func tick() {
    if player.health <= 0 {
      player.health = Player.fullHealth
      player.deaths &+= 1
    }
    world.ticks &+= 1
    player.hurt(1)
    player.score &+= 10
    entities.advance()
  }

  var state: String {
    "tick \(world.ticks)  health \(player.health)  gold \(player.gold)  ammo \(player.ammo)  "
      + "pos \(player.position)"
  }

  var addresses: AddressBook {
    var book = AddressBook()
    book.add("pid", UInt64(getpid()))
    world.list(in: &book)
    player.list(in: &book)
    book.add("ticks", world.block.address + 0x08)
    book.add("entities", entities.block)
    book.add("entity_count", UInt64(EntityTable.count))
    book.add("entity_stride", UInt64(EntityTable.stride))
    book.add("scratch", writingGround)
    book.add("scratch_bytes", UInt64(writingGround.byteCount))
    book.add("take_damage", DamageCode.start)
    if let address = DamageCode.subtraction { book.add("take_damage_sub", address) }
    return book
  }
}
