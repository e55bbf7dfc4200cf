-- Too many candidates, and a value that cannot be made to change: write another number into each, and let the screen
-- say which one it is. The numbers are put back at once.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game = target.start()

local shown = target.play(game, "state")
local hits = game:scan("i32", shown.gold, { exclude = { "stack" } })
print(("%d places hold %d"):format(#hits, shown.gold))

local gold
do
  local labels <close> = hits:label(7000)
  print(("they hold %d to %d now"):format(7000, 7000 + #hits - 1))
  shown = target.play(game, "state")
  gold = labels[shown.gold]
end
assert(gold, "the screen shows one of them")
print(("the gold is at %s"):format(game:name_of(gold.address)))

-- All others are as they were, and so is it.
for i = 1, #hits do assert(hits[i].value == 250, "put back") end
gold.value = 4000
assert(target.play(game, "state").gold == 4000)
