import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Pointer maps and paths that are saved, loaded, wrong or hostile; and paths in other runs.
@Suite struct PointerFileTests {
  static var options: PointerScanOptions { PointerScanOptions(depth: 3, maxOffset: 24) }

  @Test("what was saved comes back", arguments: PointerWidth.allCases)
  func saved(_ width: PointerWidth) throws {
    let folder = try HitFileTests.Folder()
    let world = PointerWorld(width, seed: 21)
    let map = try world.source.pointerMap()
    let paths = try map.paths(to: world.target, Self.options)
    try #require(paths.count > 2)
    try map.save(to: folder.file)
    let again = try PointerMap.load(folder.file)
    #expect(again.count == map.count && again.bases == map.bases && again.reach == map.reach)
    #expect(again.label == map.label && again.outcome.isComplete)
    let found = try again.paths(to: world.target, Self.options)
    #expect(PointerWorld.list(found) == PointerWorld.list(paths))
    #expect(found.path(at: 0) == paths.path(at: 0))
    try paths.save(to: folder.file)
    let loaded = try PointerPaths.load(folder.file)
    #expect(loaded.target == paths.target && loaded.count == paths.count)
    for index in 0..<paths.count {
      #expect(loaded.path(at: index)?.description == paths.path(at: index)?.description)
      #expect(loaded.path(at: index)?.root == paths.path(at: index)?.root)
    }
    #expect(loaded.intersection(paths).count == paths.count)
  }

  @Test("paths of another run: what moved with its module is the same")
  func moved() throws {
    let one = PointerWorld(.eight, seed: 22)
    let two = PointerWorld(.eight, seed: 22, move: 0x7000)
    let paths = try one.source.pointerPaths(to: one.target, Self.options)
    let others = try two.source.pointerPaths(to: two.target, Self.options)
    try #require(paths.count > 2)
    #expect(paths.intersection(others).count == paths.count)
    let kept = try paths.rescanned(in: two.source, to: two.target)
    #expect(kept.count == paths.count && kept.target == two.target)
    #expect(kept.path(at: 0)?.root == others.path(at: 0)?.root)
    #expect(try paths.rescanned(in: two.source, to: one.target).count == 0)
    let other = PointerWorld(.eight, seed: 23)
    let few = try paths.rescanned(in: other.source, to: other.target)
    #expect(few.count < paths.count)
    let strange = BufferSource([(0x1000, [0, 0])], pointerWidth: .four)
    #expect(failure { try paths.rescanned(in: strange, to: Address(0x1000)) }?.code == "EINVAL")
    #expect(
      try paths.rescanned(in: BufferSource([(0x1000, [0, 0])]), to: Address(0x1000)).count == 0)
  }

  @Test("no byte may be missing, wrong or too many")
  func damaged() throws {
    let folder = try HitFileTests.Folder()
    let world = PointerWorld(.eight, seed: 24, words: 12)
    let map = try world.source.pointerMap()
    let saved: [(save: () throws -> Void, load: () throws -> Any)] = [
      ({ try map.save(to: folder.file) }, { try PointerMap.load(folder.file) }),
      (
        { try map.paths(to: world.target, Self.options).save(to: folder.file) },
        { try PointerPaths.load(folder.file) }
      ),
    ]
    for (save, load) in saved {
      try save()
      let bytes = try folder.bytes()
      for count in stride(from: 0, to: bytes.count, by: 3) {
        try folder.write(Array(bytes[..<count]))
        #expect(failure(load)?.code == "EINVAL")
      }
      for index in stride(from: 0, to: bytes.count, by: 5) {
        var other = bytes
        other[index] ^= 0x10
        try folder.write(other)
        #expect(failure(load)?.code == "EINVAL")
      }
      try folder.write(bytes + [0])
      #expect(failure(load)?.code == "EINVAL")
    }
    try folder.write(Array("pvmhits\n".utf8) + [UInt8](repeating: 0, count: 60))
    #expect(
      failure { try PointerPaths.load(folder.file) }?.message.contains("pointer paths") == true)
    #expect(failure { try PointerMap.load(folder.file) }?.message.contains("pointer map") == true)
    #expect(failure { try PointerMap.load(folder.path + "/none") }?.code == "ENOENT")
  }

  @Test("files with a right check sum and wrong contents do no harm", arguments: 0..<6)
  func hostile(_ seed: UInt64) throws {
    let folder = try HitFileTests.Folder()
    let world = PointerWorld(.eight, seed: 25, words: 30)
    let map = try world.source.pointerMap()
    var random = RandomBytes(seed: seed)
    for isMap in [true, false] {
      if isMap {
        try map.save(to: folder.file)
      } else {
        try map.paths(to: world.target, Self.options).save(to: folder.file)
      }
      let bytes = try folder.bytes()
      var accepted = 0
      for _ in 0..<150 {
        var other = Array(bytes.dropLast(8))
        for _ in 0...random.below(2) {
          let index = 12 + random.below(other.count - 12)
          let byte = [0, 1, 0x7F, 0x80, 0xFF, UInt8(random.below(256))][random.below(6)]
          for offset in index..<min(index + [1, 2, 4, 8][random.below(4)], other.count) {
            other[offset] = byte
          }
        }
        try folder.write(HitFileTests.sealed(other))
        if isMap {
          guard let map = try? PointerMap.load(folder.file) else { continue }
          _ = try? map.paths(to: world.target, Self.options)
          _ = try? map.paths(
            to: world.target, PointerScanOptions(maxOffset: 2000, limit: 1000))
        } else {
          guard let paths = try? PointerPaths.load(folder.file) else { continue }
          for index in 0..<paths.count { _ = paths.path(at: index)?.description }
          _ = try? paths.rescanned(in: world.source, to: world.target)
          _ = paths.intersection(paths)
        }
        accepted += 1
      }
      #expect(accepted > 0)
    }
  }
}
