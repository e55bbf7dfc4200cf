-- Infinite health: find the number that the screen shows, and hold it.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game = target.start()

-- The screen says 100, so look for every i32 that is 100. There are too many to know which one it is.
-- (Leave out the stack, where passing copies lie.)
local shown = target.play(game, "state")
local hits = game:scan("i32", shown.health, { exclude = { "stack" } })
print(("%d places hold %d"):format(#hits, shown.health))

-- So let the game change it, and keep only those that follow.
for _, damage in ipairs { 7, 12, 3, 21 } do
  shown = target.play(game, "hurt " .. damage)
  hits = hits:next(shown.health)
  print(("%d of them now hold %d"):format(#hits, shown.health))
end
assert(#hits == 1, "one place is left")
local health = hits[1]
print(("the health is %s; at first it was %d"):format(health, health.first))

-- Hold it: write it back whenever the game has had its turn. 20 blows of 30 would kill six times over.
health.value = 100
for _ = 1, 20 do
  local line = target.ask(game, "hurt 30")
  assert(line:find("health 70 ", 1, true), "each blow meets full health")
  health.value = 100
end
shown = target.play(game, "state")
assert(shown.health == 100)
print("20 blows of 30 each, and none of them counted")
