import LuaHost
import PVMModule
import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("when memory runs out")
  struct MemoryTests {
    /// A script that uses much of the module.
    static let work = #"""
      function work()
        local mine <close> = pvm.attach(game.pid)
        local plan = mine:scatter{ {gold, "i32"}, pos={pos, "f32", 3}, name={name_utf8, "cstr", 32},
          bad={0x10, "u8"} }
        local v = plan:read()
        local sum = v[1] + v.pos[2] + #v.name
        v:table() v:faults() plan:write{ 250, bad=1 }
        mine:read(scratch, 5000) mine:read_array(scratch, "u16", 100)
        mine:read_string(name_utf16, {encoding="utf16le"})
        mine:read_struct(player, {hp={0, "i32"}, name={0x20, "cstr", 32}})
        mine:resolve_all{ {root, 0x10, 8, 0}, {0x10, 0} }
        pcall(mine.read, mine, 0x10, 4) mine:try_read(0x10, 4)
        local regions = mine:regions{perms="rw"}
        for _, region in pairs(regions) do sum = sum + region.size end
        local module = mine:module("pvm-target")
        mine:unpack(player, "<i4 i4") mine:readv({10, 10}, {{scratch, 20}}) mine:hexdump(player, 64)
        mine:addr("pvm-target+8") mine:name_of(root) pvm.buffer(100):bytes()
        local cell = mine:cell(gold, "i32") cell.value = cell.value
        pvm.help("attach") pvm.ps{pid=game.pid}
        local w = pvm.watch{ {mine, gold, "i32"}, hp={mine, {root, 0x10, 8, 0}, "i32"},
          bad={mine, 1, "u8"} }
        w:update() w:changes() w:faults() w.old:table() tostring(w)
        tostring(mine:track({player, 16}, 0, {progress=function() end}):hits())
        mine:on_exit(function() end)
        mine:write(scratch, "abc") mine:pack(scratch, "z", "abc") mine:writev({"a"}, {{scratch, 1}})
        mine:close()
      end
      """#

    @Test("a cap of any size ends in the error, and leaves no handle or descriptor")
    func caps() throws {
      let game = try Game()
      game.check(Self.work)
      game.check("work() work() collectgarbage() collectgarbage()")
      let before = (game.state.memoryUsage, descriptors(on: game.target.id))
      var outcomes: Set<Bool> = []
      for spare in stride(from: 0, through: 200_000, by: 1_999) {
        game.state.setMemoryLimit(before.0.bytesNow + spare)
        let outcome = game.run("work()")
        outcomes.insert(outcome == .completed)
        if outcome != .completed { #expect(outcome.text.contains("not enough memory")) }
        game.state.setMemoryLimit(nil)
        game.check("collectgarbage() collectgarbage()")
        #expect(game.state.memoryUsage.openHandles == before.0.openHandles, "\(spare)")
        #expect(game.state.memoryUsage.parcels == 0, "\(spare)")
      }
      #expect(outcomes == [true, false])
      #expect(descriptors(on: game.target.id) == before.1)
    }

    @Test("each allocation failing in turn leaves no handle, reply or descriptor")
    func everyAllocation() throws {
      let game = try Game()
      game.check(Self.work)
      game.check("work() work() collectgarbage() collectgarbage()")
      let start = game.state.memoryUsage
      let held = descriptors(on: game.target.id)
      game.check("work()")
      let count = game.state.memoryUsage.allocations - start.allocations
      game.check("collectgarbage() collectgarbage()")
      var failures = 0
      for point in 1...count {
        game.state.failAllocation(point)
        if game.run("work()") != .completed { failures += 1 }
        game.state.failAllocation(nil)
        if point % 16 == 0 || point == count {
          game.check("collectgarbage() collectgarbage()")
          #expect(game.state.memoryUsage.openHandles == start.openHandles, "up to \(point)")
          #expect(descriptors(on: game.target.id) == held, "up to \(point)")
        }
        #expect(game.state.memoryUsage.parcels == 0, "\(point)")
      }
      #expect(failures > Int(count) / 2)
      game.check("work() equal(game:read_i32(gold), 250)")
    }
  }
}
