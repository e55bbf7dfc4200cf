import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Pointer paths in running programs.
@Suite struct PointerLiveTests {
  static var options: PointerScanOptions { PointerScanOptions(depth: 4, maxOffset: 256) }

  @Test("the planted path holds over 20 restarts, and chance ones go")
  func restarts() throws {
    let first = try Target()
    let process = try first.attach()
    defer { process.close() }
    let root = first("root").rawValue - first("module").rawValue
    let planted = "[[[pvm-target+0x\(String(root, radix: 16))]+0x10]+0x8]"
    var paths = try process.pointerPaths(to: first("health"), Self.options)
    func has(_ paths: PointerPaths) -> Bool {
      (0..<paths.count).contains { paths.path(at: $0)?.description == planted }
    }
    #expect(has(paths))
    #expect(paths.outcome.isComplete)
    var moved = false
    for _ in 0..<20 {
      let other = try Target()
      let again = try other.attach()
      defer { again.close() }
      moved = moved || other("module") != first("module")
      let kept = try paths.rescanned(in: again, to: other("health"))
      #expect(kept.count <= paths.count && has(kept))
      for index in 0..<min(kept.count, 50) {
        let path = try #require(kept.path(at: index))
        #expect(try again.address(of: path.expression) == other("health"))
      }
      paths = kept
    }
    let other = try Target()
    let again = try other.attach()
    defer { again.close() }
    let fresh = try again.pointerPaths(to: other("health"), Self.options)
    #expect(has(paths.intersection(fresh)))
    #expect(moved || paths.count > 0)
  }

  @Test("a snapshot and a core give what the process gives")
  func offline() throws {
    let folder = try CoreFolder()
    let target = try Target()
    let process = try target.attach()
    defer { process.close() }
    let live = try process.pointerPaths(to: target("gold"), Self.options)
    try #require(live.count > 0)
    let snapshot = try Snapshot.capture(process)
    #expect(
      PointerWorld.list(try snapshot.pointerPaths(to: target("gold"), Self.options))
        == PointerWorld.list(live))
    _ = try snapshot.saveCore(to: folder.file)
    let core = try CoreFile.open(path: folder.file)
    #expect(
      PointerWorld.list(try core.pointerPaths(to: target("gold"), Self.options))
        == PointerWorld.list(live))
  }

  @Test("the target goes in the middle", arguments: ScanEndTests.Fate.allCases)
  func targetGoes(_ fate: ScanEndTests.Fate) throws {
    let target = try Target("block=2")
    let budget = MemoryBudget(limit: 1 << 30)
    let child = target.child
    do {
      let process = try target.attach()
      defer { process.close() }
      let doomed = ScanEndTests.Doomed(process, after: 5) {
        switch fate {
        case .killed:
          try? child.signal(9)
          _ = try? child.waitForExit(seconds: 20)
        case .executes:
          try? child.send(Array("exec\n".utf8))
          _ = try? Target.readBlock(child)
        }
      }
      var options = Self.options
      options.scan = ScanOptions(threads: 2, budget: budget, blockBytes: 64 << 10)
      let error = failure { try doomed.pointerPaths(to: target("health"), options) }
      #expect(error?.code == (fate == .killed ? "ESRCH" : "EXEC"))
    }
    #expect(budget.used == 0)
  }

  @Test("memory that cannot be read is told, and the rest searched")
  func holes() throws {
    let target = try Target("holes")
    let process = try target.attach()
    defer { process.close() }
    let paths = try process.pointerPaths(to: target("health"), Self.options)
    #expect(paths.count > 0)
    #expect(paths.outcome.map.leftOut.allSatisfy { $0.byteCount > 0 })
  }
}
