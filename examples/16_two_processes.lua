-- Two runs of one program, at different addresses: aligned by module, heap and stack they can be compared
-- all the same, and what differs is what their players did.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local one, at = target.start()
local two, there = target.start()
print(("the hero lies at 0x%x in one and at 0x%x in the other"):format(at.player, there.player))

target.ask(one, "gold 100")
target.ask(two, "gold 100")
target.play(two, "gold 999")

-- Pointers to the same place of the same module count as equal: they only say where the modules lie.
local diff = one:diff(two, { type = "i32", align = "modules", perms = "rw", equal_pointers = true })
local plain = one:diff(two, { type = "i32", align = "modules", perms = "rw" })
print(("%d numbers differ, %d if pointers that go to the same place count as different"):format(
  #diff, #plain))
assert(#diff <= #plain)

local gold = assert(diff:at(there.gold), "the gold is among them")
print(("gold: %d there, %d here, at 0x%x and 0x%x"):format(
  gold.old, gold.new, diff:before_address(there.gold), there.gold))
assert(diff:before_address(there.gold) == at.gold, "the same place of the other run")
assert(gold.old == one:read_i32(at.gold) and gold.new == two:read_i32(there.gold))

-- Which of the differing numbers are the gold of the one and of the other?
local both = diff:increased_by(gold.new - gold.old)
print(both)
assert(both:at(there.gold))
