-- A value that is nowhere shown as a number, such as a bar of health: start from everything, and say only
-- what became of it. (Leave out the stack, where passing copies lie.)
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game = target.start()

local hits = game:scan("i32", { unknown = true, exclude = { "stack" } })
print(("%d values to begin with; %d KiB to remember them"):format(#hits, hits.stats.memory // 1024))

-- What happens in the game, and what it does to the bar. Doing something else tells as much as a blow.
local turns = {
  { "hurt 9", "decreased" },
  { "gold 300", "unchanged" },
  { "hurt 5", "decreased" },
  { "ammo 3", "unchanged" },
  { "hurt -6", "increased" }, -- a potion
  { "move 4 5 6", "unchanged" },
  { "hurt -20", "increased_by", 20 }, -- and one whose label says how strong it is
}
for _, turn in ipairs(turns) do
  local command, change, by = table.unpack(turn)
  target.ask(game, command)
  hits = hits[change](hits, by)
  print(("  %-10s  %-16s %7d left"):format(command, hits.title, #hits))
end
print(hits)

-- No step is lost: `parent` takes one back, `history` lists them all, and one can go on from any of them.
assert(#hits:history() == #turns + 1 and #hits.parent >= #hits)

-- Several left, or is it this one? Write 501 into the first, 502 into the second and so on, and look which one
-- the game shows. At the end of the block the old values are back.
local health
do
  local labels <close> = hits:label(501)
  health = assert(labels[target.play(game, "state").health], "one of them is the health")
end
print(("the health lies at 0x%x: first %d, then %d, now %d"):format(
  health.address, health.first, health.old, health.value))
assert(health.value == target.play(game, "state").health and health.value == 112)
