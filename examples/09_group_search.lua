-- Find a thing by several of its values at once. One number lies in a hundred places, three of them side by
-- side in one: so the first look is the last, and nothing has to change for it.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game = target.start()

-- The screen shows three numbers. Nobody knows in which order the game keeps them, or how far apart.
-- (On the stack lie passing copies.)
local shown = target.play(game, "state")
local seen = { { "i32", shown.gold }, { "i32", shown.ammo }, { "i32", shown.health } }
for _, value in ipairs(seen) do
  print(("places that hold %d: %d"):format(value[2], #game:scan(value[1], value[2])))
end
local _, groups = game:find_group(seen, { within = 64, exclude = { "stack" } })
print(("places that hold all three within 64 bytes: %d"):format(#groups))
assert(#groups == 1)

-- A group has an address for each value, in the order in which they were asked for.
local gold, ammo, health = table.unpack(groups[1])
local player = groups[1].start
print(("the player lies at %s: health +%d, gold +%d, ammo +%d"):format(
  game:name_of(player), health - player, gold - player, ammo - player))
game:cell(gold, "i32").value = 99999
assert(target.play(game, "state").gold == 99999)

-- Now one of the creatures. What is known of its struct, by offset, with what we know of the values there.
local _, line = target.play(game, "entity 7")
local hp = math.tointeger(line:match("hp (%d+)"))
local found = game:find_struct({
  size = 64,
  [0x00] = { "u32", 7 },
  [0x04] = { "i32", hp },
  [0x08] = { "f32", 7, digits = 0 },
  [0x20] = { "bytes", "'imp-7' 00" },
})
print(("structs like that: %d"):format(#found))
assert(#found == 1)

-- And all of its kind, by what they have in common; more so those that hunt us: +0x18 points to the player.
local imp = {
  size = 64,
  [0x00] = { "u32", less = 100 },
  [0x04] = { "i32", between = { 1, 1000 } },
  [0x15] = { "bool", true }, -- alive
  [0x20] = { "bytes", "'imp-'" },
}
local imps = game:find_struct(imp)
imp[0x18] = { "ptr", player }
local hunters = game:find_struct(imp)
print(("%d imps, %d of them hunt the player"):format(#imps, #hunters))
assert(imps:has(found[1].address) and #imps == 24 and #hunters == 12)
for _, address in ipairs(hunters:addresses()) do game:write_i32(address + 0x04, 1) end

local hurt = select(2, target.play(game, "entity 6"))
local spared = select(2, target.play(game, "entity 7"))
assert(hurt:find("hp 1 ", 1, true) and spared == line, "a breath blows the hunters over, and no one else")
