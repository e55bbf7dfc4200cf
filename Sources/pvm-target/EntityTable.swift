/// The creatures of the world: a table of structs with a fixed stride, in a mapping of its own.
///
/// A struct holds +0x00 id u32, +0x04 hp i32, +0x08 position f32[3], +0x14 kind u8, +0x15 alive
/// u8, +0x16 level u16, +0x18 target pointer, +0x20 name char[16], +0x30 armour f64, +0x38 bounty i64.
struct EntityTable {
  static let count = 24
  static let stride = 0x40

  let block = Block.pages(Self.count * Self.stride)

  init(target: UInt64) {
    for id in 0..<Self.count {
      let entry = id * Self.stride
      block.store(UInt32(id), at: entry)
      block.store(Int32(100 + 10 * id), at: entry + 0x04)
      block.store(Vector(x: Float(id), y: 0, z: Float(2 * id)), at: entry + 0x08)
      block.store(UInt8(id % 4), at: entry + 0x14)
      block.store(UInt8(1), at: entry + 0x15)
      block.store(UInt16(id + 1), at: entry + 0x16)
      block.store(id % 2 == 0 ? target : 0, at: entry + 0x18)
      block.store(text: "imp-\(id)".utf8, at: entry + 0x20, capacity: 16)
      block.store(Double(id) * 0.5, at: entry + 0x30)
      block.store(Int64(1000 * id), at: entry + 0x38)
    }
  }

  /// Every living entity goes half a step along x.
  func advance() {
    for entry in (0..<Self.count).map({ $0 * Self.stride })
    where block.load(entry + 0x15, as: UInt8.self) != 0 {
      block.store(block.load(entry + 0x08, as: Float.self) + 0.5, at: entry + 0x08)
    }
  }

  func describe(_ id: Int) -> String {
    let entry = id * Self.stride
    let health: Int32 = block.load(entry + 0x04)
    let position: Vector = block.load(entry + 0x08)
    let name = block.text(entry + 0x20, capacity: 16, as: UTF8.self)
    return "entity \(id)  hp \(health)  pos \(position)  name \(name)"
  }
}
