import Foundation
import LuaHost
import Testing

extension ModuleTests {
  @Suite("faults")
  struct FaultTests {
    @Test(
      "a hole, of any kind: what is before and behind it is read",
      arguments: [
        ("holes", "holes"), ("prot-none", "prot_none"), ("guard", "guard"),
      ])
    func holes(_ layout: String, _ key: String) throws {
      let game = try Game(layout)
      game.check(
        #"""
        local start, bytes, gap = \#(key), \#(key)_bytes, \#(key)_gap
        local got, err = game:read(start, bytes, {partial=true})
        equal(got, pattern(0, gap - start)) equal(err.address, gap) equal(err.code, "EFAULT")
        local behind = gap + 4096
        equal(game:read(behind, start + bytes - behind),
          pattern(behind - start, start + bytes - behind))
        for _, size in ipairs{1, 4, 4096} do fails("EFAULT", game.read, game, gap, size) end
        fails("EFAULT", game.read_u8, game, gap) fails("EFAULT", game.read_u8, game, gap + 4095)
        fails("EFAULT", game.read_u64, game, gap - 4)
        fails("EFAULT", game.read_u64, game, behind - 4)
        equal(game:read_u8(gap - 1), pattern(gap - 1 - start, 1):byte())
        equal(game:read_u8(behind), pattern(behind - start, 1):byte())
        """#)
    }

    @Test("a file that was cut under its mapping")
    func truncatedFile() throws {
      let game = try Game("truncated-file")
      game.check(
        #"""
        equal(#game:read(truncated, truncated_end - truncated), truncated_end - truncated)
        local got, err = game:read(truncated, truncated_bytes, {partial=true})
        equal(#got, truncated_end - truncated) equal(err.code, "EFAULT")
        equal(err.address, truncated_end)
        """#)
    }

    @Test("mappings that nobody may read, and special ones")
    func specialMappings() throws {
      let game = try Game("no-access", "write-only", "exec-only", "secretmem", "read-exec")
      game.check(
        #"""
        for _, address in ipairs{no_access, write_only, exec_only, secretmem} do
          if address ~= 0 then
            fails("EFAULT", game.read_u8, game, address)
            fails("EFAULT", game.read, game, address, 4096)
          end
        end
        for _, kind in ipairs{"vvar", "vsyscall"} do
          for _, region in ipairs(game:regions{kind=kind}) do
            local err = fails("EFAULT", game.read, game, region.start, 4)
            assert(err.message:find(kind, 1, true), err.message)
          end
        end
        equal(game:read(read_exec, 64), pattern(0, 64))
        """#)
    }

    @Test("lengths and addresses that make no sense")
    func badNumbers() throws {
      let game = try Game()
      game.check(
        #"""
        for _, count in ipairs{-1, math.mininteger, math.maxinteger, 1 << 62, (1 << 30) + 1} do
          refused("bad argument #2 to 'read' (byte count must be at",
            function() return game:read(scratch, count) end)
          refused("bad argument #2 to 'fill' (byte count must be at",
            function() return game:fill(scratch, count) end)
          refused("bad argument #3 to 'copy' (byte count must be at",
            function() return game:copy(scratch, scratch, count) end)
          refused("bad argument #3 to 'read_array' (count must be at",
            function() return game:read_array(scratch, "u8", count) end)
        end
        for _, number in ipairs{1.5, 0/0, 1/0, 2^63} do
          refused("number has no integer representation", game.read, game, number, 4)
          refused("number has no integer representation", game.read_u8, game, number)
        end
        for _, address in ipairs{0, 1, -1, -8, math.mininteger, math.maxinteger, 0x7fffffffffff,
          0x800000000000, -4096} do
          for _, count in ipairs{1, 16, 4096, 100000} do
            fails("EFAULT", game.read, game, address, count)
            fails("EFAULT", game.write, game, address, string.rep("x", count))
            equal(game:read(address, count, {partial=true}), "")
          end
          fails("EFAULT", game.read_u64, game, address)
          fails("EFAULT", game.write_u64, game, address, 1)
          fails("EFAULT", game.read_string, game, address)
          fails("EFAULT", game.resolve, game, address, 0)
          fails("EFAULT", game.unpack, game, address, "z")
          fails("EFAULT", game.compare, game, address, "x")
          equal(game:scatter{ {address, "u64"} }:read()[1], nil)
          game:hexdump(address, 64) game:name_of(address) game:region(address)
        end
        refused("bad argument #1 to 'read' (number expected, got nil)",
          function() game:read(nil, 4) end)
        refused("bad argument #2 to 'read' (number expected, got no value)",
          function() game:read(4) end)
        """#)
    }

    @Test("a file shared with others is not written by accident")
    func sharedFile() throws {
      let game = try Game("shared-file", "private-file", "shared-anon")
      game.check(
        #"""
        local function content()
          local file = assert(io.open(shared_file_path, "rb"))
          local all = file:read("a")
          file:close()
          return all
        end
        local before = content()
        local plan = game:scatter{ x={shared_file, "u8"} }
        for _, way in ipairs{
          function() game:write(shared_file, "xyz") end, function() game:write_u32(shared_file, 1)
          end,
          function() game:fill(shared_file, 8192) end, function() game:copy(shared_file, scratch, 9)
          end,
          function() game:writev({"x"}, {{shared_file, 1}}) end, function()
          game:pack(shared_file, "z", "x") end,
          function() game:write_string(shared_file, "x") end, function()
          game:write_array(shared_file, "u8", {1}) end,
          function() game:write_struct(shared_file, {a={0, "u8"}}, {a=1}) end,
        } do
          local err = fails("ESHARED", way)
          assert(err.message:find(shared_file_path, 1, true), err.message)
        end
        local written, faults = plan:write{x=1}
        equal(written, 0) equal(faults.x.code, "ESHARED")
        equal(content() == before, true)
        game:write(shared_file, "xyz", {shared=true})
        equal(content(), "xyz" .. before:sub(4))
        equal({plan:write({x=1}, {shared=true})}, {1})
        game:write(private_file, "abc") equal(game:read(private_file, 3), "abc")
        game:write(shared_anon, "abc") equal(game:read(shared_anon, 3), "abc")
        """#)
    }

    @Test("pages that the target itself may not write")
    func protectedPages() throws {
      let game = try Game("read-only", "read-exec", "no-access", "holes")
      game.check(
        #"""
        for _, page in ipairs{read_only, read_exec, no_access, take_damage, holes_gap} do
          fails("EFAULT", game.write, game, page, "x") fails("EFAULT", game.write_u8, game, page, 1)
          fails("EFAULT", game.writev, game, {"x"}, {{page, 1}})
        end
        equal(game:read(read_only, 64), pattern(0, 64))
        equal(game:read(read_exec, 64), pattern(0, 64))
        """#)
      let size = "checksum 0x\(String(game.target.address("read_only") ?? 0, radix: 16)) 4096"
      #expect(try game.target.ask(size).hasPrefix("checksum 0x"))
    }

    @Test("mappings that come and go meanwhile")
    func churn() throws {
      let game = try Game("churn")
      game.check(
        #"""
        local stop = pvm.now() + 0.4
        local words = {}
        for i = 0, 63 do words[i + 1] = {churn + i * (churn_bytes // 64 // 8 * 8), "u64"} end
        local plan = game:scatter(words)
        while pvm.now() < stop do
          local bytes = game:read(churn, churn_bytes, {partial=true})
          for i = 1, #bytes - 7, 509 * 8 do
            local word = string.unpack("<I8", bytes, i)
            assert(word == 0 or word == 0x5ca1ab1e5ca1ab1e, string.format("%x", word))
          end
          local v = plan:read()
          for i = 1, 64 do assert(v[i] == nil or v[i] == 0 or v[i] == 0x5ca1ab1e5ca1ab1e, v[i]) end
          game:regions() game:hexdump(churn, 256)
        end
        """#)
    }

    @Test("processes that are nobody's to signal")
    func signals() throws {
      let game = try Game()
      game.check(
        #"""
        for _, pid in ipairs{0, -1, math.mininteger, 1 << 40} do refused("a pid is 1 to",
          pvm.attach, pid) end
        local parent = pvm.ps{pid=game.pid}[1].ppid
        local us = pvm.attach(parent)
        refused("was not started by this script", us.kill, us, 9)
        """#)
    }

    @Test("a hundred thousand failing calls leave nothing behind")
    func failuresAreFree() throws {
      let game = try Game()
      let gone = try Target()
      game.check("gone = pvm.attach(\(gone.id)) gone_gold = gold")
      gone.end()
      game.check(
        """
        function round(count)
          for i = 1, count do
            pcall(game.read, game, scratch, -1)
            pcall(gone.read_i32, gone, gone_gold)
            pcall(game.read_u32, game, 1.5)
            gone:try_read(gone_gold, 4)
          end
          for i = 1, count // 100 do pcall(game.read_u32, game, 0x10) pcall(pvm.attach,
            -1) pcall(pvm.spawn, {"/no/such"}) end
          collectgarbage() collectgarbage()
        end
        round(1000)
        """)
      let before = (
        game.state.memoryUsage, descriptors(on: game.target.id), descriptors(on: gone.id)
      )
      let grown = (0..<4).map { _ in
        let start = residentBytes()
        game.check("round(6250)")
        return residentBytes() - start
      }
      let after = game.state.memoryUsage
      #expect(after.bytesNow < before.0.bytesNow + 16384)
      #expect(after.openHandles == before.0.openHandles)
      #expect(after.parcels == 0)
      #expect(descriptors(on: game.target.id) == before.1)
      #expect(descriptors(on: gone.id) == before.2)
      // Other tests run at the same time: a leak grows in every round, their memory does not.
      #expect(grown.min() ?? 0 < 1 << 20, "\(grown)")
    }

    private func residentBytes() -> Int {
      let text = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
      let pages = String(decoding: text, as: UTF8.self).split(separator: " ")
      return (pages.count > 1 ? Int(pages[1]) ?? 0 : 0) * 4096
    }
  }
}
