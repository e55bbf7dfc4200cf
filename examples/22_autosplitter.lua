-- An autosplitter: looks at the game 120 times a second, and notes when each part of a run was done.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

-- What a run is made of. The score is stored disguised, with its key beside it.
local run = game:watch {
  ticks = { at.ticks, "u64" },
  health = { at.health, "i32" },
  gold = { at.gold, "i32" },
  deaths = { at.health + 0x0c, "u32" },
  key = { at.health + 0x88, "u32" },
  score = { at.health + 0x8c, "u32" },
}
local splits = {
  { "first blood", function() return run:fell("health") end },
  { "200 points", function() return run.score ~ run.key >= 200 end },
  { "half way", function() return run.health <= 50 end },
  { "600 points", function() return run.score ~ run.key >= 600 end },
  { "dead", function() return run:rose("deaths") end },
}

-- The run begins: from now on the game takes 400 steps a second, each of one health.
target.ask(game, "rate 400")
local frame = 1 / 120
local start, first_tick = pvm.now(), run.ticks
local frames, done = 0, 0
print("  split            time  game's steps")
while done < #splits do
  -- Frames lie on a grid, so that one that comes late does not delay those after it.
  frames = frames + 1
  pvm.sleep(math.max(0, start + frames * frame - pvm.now()))
  run:update()
  while splits[done + 1] and splits[done + 1][2]() do
    done = done + 1
    local time = pvm.now() - start
    splits[done].ticks = run.ticks - first_tick
    print(("  %-12s %8.3f  %12d"):format(splits[done][1], time, splits[done].ticks))
  end
  assert(frames < 12000, "the run does not end")
end
target.ask(game, "rate 0")

-- The game's own clock knows when it was: 100 steps to death. We cannot have seen it earlier.
for i, step in ipairs { 1, 20, 50, 60, 100 } do assert(splits[i].ticks >= step, splits[i][1]) end
print(("%d splits in %.2f s"):format(done, pvm.now() - start))
