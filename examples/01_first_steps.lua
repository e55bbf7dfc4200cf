-- First steps: start a game, look into its memory, change it, and see the change on its screen.
--
--   scripts/pvmlua examples/01_first_steps.lua
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")

local game, at = target.start()
print("attached to " .. tostring(game))
print("the game says:  " .. target.ask(game, "tick"))

-- The game keeps its hero behind a chain of pointers that starts at a static of the program.
-- Brackets read a pointer: this is the address that a cheat script would keep.
local static = ("pvm-target+0x%x"):format(at.root - game:module("pvm-target").base)
local hero = game:addr(("[[[%s]+0x10]+0x8]"):format(static))
print(("the hero lies at 0x%x, reached from %s"):format(hero, static))
print(game:hexdump(hero, 64))

-- Typed reads, one by one or a whole struct at once.
print("health", game:read_i32(hero))
print("name", game:read_string(hero + 0x20))
local seen = game:read_struct(hero, {
  health = { 0x00, "i32" },
  gold = { 0x04, "i32" },
  pos = { 0x10, "f32", 3 },
  name = { 0x40, "utf16le", 64 },
})
print(("%s has %d gold and stands at %.1f %.1f %.1f"):format(
  seen.name, seen.gold, seen.pos[1], seen.pos[2], seen.pos[3]))

-- And now we cheat.
game:write_i32(hero, 1000)
game:cell(hero + 0x04, "i32").value = 99999
game:write_array(hero + 0x10, "f32", { 10, 20, 30 })
print("the game says:  " .. target.ask(game, "tick"))

-- The world may say no. That is an error to read, not a crash.
local value, err = game:try_read_i32(0x10)
print(value, err.code, err.message)

local health = game:read_i32(hero)
assert(health == 999, "one tick costs one health")
