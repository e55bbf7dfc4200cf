-- Has somebody changed the code of a running program? Compare it with the file it was loaded from.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

-- Code and constants of the program and of all its libraries, with what the loader changed accounted for.
local before = game:modified()
print(before)
for _, module in ipairs(before.modules) do
  if not module.skipped then
    print(("  %-24s %9d bytes, %6d words moved by the loader"):format(
      module.name, module.compared, module.relocated))
  end
end
assert(#before == 0, "nobody has changed anything yet")
local whole = game:hash { module = "pvm-target", perms = "r-xp" }

-- Somebody does: the routine that takes damage returns at once. (A trainer would do this from outside; here
-- the game is told to do it to itself.)
local ret = game.arch == "aarch64" and "\xc0\x03\x5f\xd6" or "\xc3"
local hex = ret:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
print(target.ask(game, ("patch 0x%x %s"):format(at.take_damage, hex)))
local shown = target.play(game, "hurt 30")
assert(shown.health == 100, "blows do no harm any more")

-- The patch is found, with what it was.
local found = game:modified("pvm-target")
print(found)
assert(#found == 1)
local place = found[1]
assert(place.address == at.take_damage and place.memory == ret)
assert(game:hash { module = "pvm-target", perms = "r-xp" } ~= whole, "a hash shows it too, but not where")

-- So it can be undone: pages of code are not for writing, so the game is told once more.
hex = place.file:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
print(target.ask(game, ("patch 0x%x %s"):format(place.address, hex)))
shown = target.play(game, "hurt 30")
assert(shown.health == 70, "blows count again")
assert(#game:modified("pvm-target") == 0)
print("all as on disk again")
