-- A pointer path: where the health lies changes with every start of the game, but the way there from
-- the program's own data does not. Find the ways, start the game again, and keep those that still hold.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

-- Somebody has found the health, with a scan for instance. Who leads there?
local paths = game:pointers_to(at.health, { depth = 4, max_offset = 256 })
print(("the health lies at 0x%x; %d ways lead there, out of %d pointers"):format(
  at.health, #paths, paths.stats.pointers))
assert(paths.complete, "all of them: no limit was reached")
print(paths:page(1, 5))

-- Some hold by chance, until the next start. So start the game again and see which are left; a few times.
for run = 1, 3 do
  local again, there = target.start()
  local left = paths:rescan(again, there.health)
  print(("run %d: the health lies at 0x%x, %d of %d ways still lead there"):format(
    run, there.health, #left, #paths))
  paths = left
  again:close()
end
assert(#paths >= 1)

-- The same without asking the old ways: search in another run, and keep what both have.
local again, there = target.start()
local others = again:pointers_to(there.health, { depth = 4, max_offset = 256 })
paths = paths:intersect(others)
print(("another run has %d ways of its own, %d of them the same"):format(#others, #paths))

-- The best one goes straight into a script or a cheat file.
local best = paths[1]
print(("health = { at = %q, type = \"i32\" }"):format(best.expression))
assert(again:addr(best.expression) == there.health)
assert(game:addr(best.expression) == at.health)

-- It is the way that the game itself goes: from a static of its own to the world, the session, the player.
local root = ("pvm-target+0x%x"):format(at.root - at.module)
local own = ("[[[%s]+0x10]+0x8]"):format(root)
local found = false
for _, path in ipairs(paths) do found = found or path.expression == own end
assert(found, "the game's own way is among them")
