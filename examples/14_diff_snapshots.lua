-- Three moments of a game: before a blow, after it, and after something else. What changed at the blow, and not
-- between the other two, has to do with it; what changes whatever happens is noise.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

target.play(game, "gold 200") -- what is done for the first time changes more than itself
local before = game:snapshot({ perms = "rw" })
target.play(game, "hurt 9")
local after = game:snapshot({ perms = "rw" })
target.play(game, "gold 300")
local later = game:snapshot({ perms = "rw" })

local cost = after.cost
print(("\neach holds %d KiB; the second stored %d KiB of them, the rest it shares with the first"):format(
  cost.bytes_read // 1024, cost.bytes_stored // 1024))

-- Every 32-bit number that is not what it was, with both values.
local blow = before:diff(after, { type = "i32" })
local noise = after:diff(later, { type = "i32" })
local once = blow:minus(noise)
print(("%d numbers changed at the blow, %d of them not otherwise"):format(#blow, #once))
print(once)

-- Filters compose: what went down by exactly nine?
local health = once:decreased_by(9)
assert(health:at(at.health), "the health is among them")
print(("%d went down by 9; it was %d and is %d"):format(
  #health, health:at(at.health).old, health:at(at.health).new))

-- Where did it happen? And the bytes themselves, the changed ones marked.
for _, region in ipairs(blow:regions()) do
  print(("%6d  %s  %s"):format(region.cells, region.strip, region.region))
end
print(health:hexdump(4))

-- A diff turns into a search, and takes back what it shows.
local hits = health:hits(game)
assert(hits:has(at.health))
local outcomes, written = game:restore(health)
print(("put back %d bytes in %d mapping(s)"):format(written, #outcomes))
local state = target.play(game, "state")
assert(state.health == before:read_i32(at.health), "as before the blow")
