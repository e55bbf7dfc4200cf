-- The same script on a running program and on its core file: develop it offline, and let others look at
-- what happened on a machine they cannot reach. The core is an ordinary one, which gdb opens too.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

-- All that a person wants to know of the game, from its memory alone.
local function report(memory)
  local lines = {}
  local function say(...) lines[#lines + 1] = string.format(...) end
  local hero = memory:read_struct(at.player, {
    { "health", "i32" }, { "gold", "i32" }, { "ammo", "i32" }, { "deaths", "i32" }, { "pos", "f32", 3 },
  })
  say("health %d, gold %d, ammo %d, at %.1f %.1f %.1f", hero.health, hero.gold, hero.ammo,
    hero.pos[1], hero.pos[2], hero.pos[3])
  say("name %s, in UTF-16 %s", memory:read_string(at.name_utf8),
    memory:read_string(at.name_utf16, { encoding = "utf16le" }))
  local program = memory:module("pvm-target")
  say("the program is mapped at %s+0x%x", program.name, at.take_damage - program.base)
  say("its name stands in %d places", #memory:find_string("Zoë Starfall", { kind = "heap" }))
  local places = memory:scan("i32", hero.gold, { kind = "heap" })
  say("its gold in %d, at %s", #places, memory:name_of(places[1].address))
  return table.concat(lines, "\n")
end

target.ask(game, "gold 31415")
local live = report(game)
print(live)

local path = os.tmpname()
os.remove(path)
game:save(path)
game:kill("KILL") -- nobody needs it any more
game:wait_exit(10)

local core <close> = pvm.open(path)
print(("\n%s, %d KiB, of %s"):format(core, assert(io.open(path)):seek("end") // 1024, core.exe))
local offline = report(core)
os.remove(path)
assert(offline == live, "the same report, word for word")
print("says the same, word for word")

-- What was captured cannot be changed, and says so.
local _, err = core:try_write_i32(at.health, 1)
print(err)
