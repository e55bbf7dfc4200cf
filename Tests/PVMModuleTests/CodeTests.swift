import LuaHost
import MemoryModel
import RemoteMemory
import Testing

private let hasAssembler = (try? Assembler.assemble([], at: .zero, for: .amd64)) != nil

extension ModuleTests {
  @Suite(
    "code", .enabled(if: Disassembler.isBuiltIn, "built without the trait Disassembly"),
    .enabled(if: hasAssembler, "as is not installed"))
  struct CodeTests {
    @Test("is listed, by instructions and by bytes")
    func listing() throws {
      let game = try Game()
      game.check(
        """
        local code = game:disassemble(take_damage_sub, 3)
        equal(#code, 3) equal(code[0], nil) equal(code[4], nil)
        local first = code[1]
        equal(first.address, take_damage_sub) equal(first.size, 2) equal(first.bytes, "\\x29\\xf0")
        equal(first.text, "sub eax, esi") equal(first.mnemonic, "sub")
        equal(first.operands, "eax, esi") equal(first.flow, "next") equal(first.target, nil)
        equal(code[2].address, take_damage_sub + 2)
        equal(code.size, #code.bytes) equal(code.bytes, game:read(take_damage_sub, code.size))
        local line = tostring(code):match("^[^\\n]*")
        assert(line:find("^0x%x+  pvm%-target!pvm_target_take_damage%+0x%x+  29 f0 +sub eax, esi$"), line)
        equal(#game:disassemble(take_damage), 10)
        equal(#game:disassemble(take_damage, 0), 0)
        local att = game:disassemble(take_damage_sub, {bytes=2, syntax="att"})
        equal(#att, 1) equal(att[1].text, "subl %esi, %eax")
        equal(game:disassemble(take_damage_sub, 1, {bits=32})[1].text, "sub eax, esi")
        """)
    }

    @Test("says what it cannot do")
    func refusals() throws {
      let game = try Game()
      game.check(
        """
        fails("EFAULT", function() game:disassemble(16) end)
        fails("EFAULT", function() game:disassemble(16, {bytes=4}) end)
        fails("EFAULT", function() game:signature(16) end)
        fails("EINVAL", function() game:assemble(0, "foo") end)
        fails("EINVAL", function() game:assemble(0, ".incbin 1") end)
        local _, err = game:try_assemble(0x1000, "nop\\nmov eax")
        assert(err.message:find("assemble at 0x1000: line 2: ", 1, true), err.message)
        refused("bits are 32 or 64", function() game:disassemble(take_damage, {bits=16}) end)
        refused("either a count or bytes",
          function() game:disassemble(take_damage, 1, {bytes=4}) end)
        refused("max is less than min", function() game:signature(take_damage, {min=9, max=8}) end)
        refused("unknown value 'intl'", function() game:assemble(0, "nop", {syntax="intl"}) end)
        refused("symbol 'x' is a string",
          function() game:assemble(0, "nop", {symbols={x="y"}}) end)
        """)
    }

    @Test("is assembled for its address")
    func assembling() throws {
      let game = try Game()
      game.check(
        """
        equal(game:assemble(0x1000, "jmp 0x1005"), "\\xe9\\0\\0\\0\\0")
        equal(game:assemble(0x1000, "movl $5, %eax", {syntax="att"}), "\\xb8\\5\\0\\0\\0")
        equal(game:assemble(0x1000, "push ebx", {bits=32}), "\\x53")
        local text = "mov eax, [rip + hp]; ret"
        local bytes = game:assemble(scratch, text, {symbols={hp=scratch + 64}})
        game:write(scratch, bytes)
        local code = game:disassemble(scratch, 2)
        equal(code[1].memory, scratch + 64) equal(code[2].flow, "return")
        equal(game:rip_target(scratch), scratch + 64)
        equal(game:rip_target(scratch + #bytes - 1), nil)
        """)
    }

    @Test("is found again by its signature, in a snapshot too")
    func signatures() throws {
      let game = try Game()
      game.check(
        """
        local before = game:snapshot()
        for _, memory in ipairs{game, before} do
          for _, place in ipairs{take_damage, take_damage_sub} do
            local pattern = memory:signature(place)
            local hits = memory:find(pattern, {module="pvm-target"})
            equal(#hits, 1) equal(hits[1].address, place)
          end
        end
        equal(#before:disassemble(take_damage, 2), 2)
        local long = game:signature(take_damage_sub, {min=16})
        equal(select(2, long:gsub("%x%x", "")) >= 8, true)
        equal(#game:find(long, {perms="x"}) >= 1, true)
        """)
    }
  }
}
