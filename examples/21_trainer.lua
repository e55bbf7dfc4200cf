-- A trainer, the form in which cheats are shared: what can be switched on in a game, by which key, and where it is.
--
--   scripts/pvmlua examples/21_trainer.lua            the menu, in a terminal
--   scripts/pvmlua examples/21_trainer.lua --help     what else it takes
--
-- Without a terminal it reports what happens as JSON lines; here somebody plays then, to give it something to say.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local is_watched = os.execute("test -t 0 && test -t 1") == true
local game, at = target.start("--quiet", "--rate", is_watched and "1" or "0")

-- Where the hero is: a static of the game, then pointers. The author finds it once, and it holds for every run.
local hero = ("[[[pvm-target+%#x]+0x10]+0x8]"):format(at.root - at.module)

-- A shared file names the game by its program, process = "pvm-target", and the builds it fits, versions = {...}; it
-- then waits for the game, and starts over with each of its runs.
local trainer = pvm.trainer {
  name = "Target Trainer", author = "the authors of pvmlua", about = "for the bundled game",
  process = game,
  cheats = {
    { name = "no damage", key = "n", about = "blows take nothing off",
      patch = { find = "8b 07 29 f0 89 07", offset = 2, module = "pvm-target", expect = "29 f0", bytes = "90 90",
        code = true } },
    { name = "health", key = "h", path = hero, type = "i32", freeze = { value = 100, mode = "min" } },
    { name = "gold", key = "g", path = hero .. "+4", type = "i32", freeze = true },
    { name = "full magazine", key = "m", path = hero .. "+8", type = "i32", write = 99 },
    { name = "slow motion", key = "s",
      on = function() target.ask(game, "rate 0.2") end, off = function() target.ask(game, "rate 1") end },
    { name = "deaths", path = hero .. "+0xc", type = "u32" },
    { name = "double jump", about = "was taken out of the game",
      patch = { find = "0f 0b 6a 75 6d 70 0f 0b", bytes = "90 90", code = true } },
  },
}

-- A person presses keys; this one calls.
local has_played = false
local function play()
  has_played = true
  local function cheat(name)
    for _, each in ipairs(trainer.cheats) do if each.name == name then return each end end
  end
  repeat pvm.sleep(0.01) until trainer.game
  assert(cheat("double jump").state == "unavailable" and cheat("double jump").problem)
  trainer:enable("full magazine")
  assert(target.play(game, "state").ammo == 99)
  trainer:enable("gold")
  target.play(game, "gold 3")
  repeat pvm.sleep(0.01) until target.ask(game, "state"):find("gold 250", 1, true)
  if cheat("no damage").state ~= "unavailable" then  -- the routine is looked for as x86_64 has it
    trainer:enable("no damage")
    assert(target.play(game, "hurt 30").health == 100, "no blow counts")
    trainer:disable("no damage")
  end
  assert(target.play(game, "hurt 30").health == 70, "blows count")
  trainer:enable("no damage")
  trainer:stop()
end

if not is_watched then pvm.task(play) end
local ending = trainer:run()
if not has_played then os.exit() end
assert(ending == "stopped")
assert(target.play(game, "hurt 30").health == 40, "all is as it was")
assert(target.play(game, "gold 3").gold == 3)
