-- Blows that do no damage: find the routine by a signature, patch one instruction of it, take it back.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
if not pvm.features.disassembly then
  print("this pvmlua was built without a disassembler")
  os.exit()
end

-- The author's part, done once. The debugger, or here the game itself, tells where the blow is taken off.
local author, at = target.start()
local code = author:disassemble(at.take_damage, 6)
print(code)
if author.arch ~= "x86_64" then
  print("the rest is about the code of x86_64")
  os.exit()
end
local place = assert(at.take_damage_sub)
print(("the subtraction: %s"):format(author:disassemble(place, 1)[1].text))

-- A pattern that finds it again. The shortest would do for today; a longer one still tells it apart when
-- the next version of the game holds more code that is alike.
local signature = author:signature(place, { min = 8 })
print(("its signature:   %s"):format(signature))
author:kill("KILL")

-- The player's part: another run of the game, with everything somewhere else in memory.
local game = target.start()
local there = game:find(signature, { module = "pvm-target", perms = "x" })[1].address
local size = game:disassemble(there, 1).size
local patch = game:patch {
  name = "no damage", find = signature, region = "pvm-target", expect = "29 f0",
  bytes = ("90 "):rep(size), code = true,
}
print(patch)
assert(target.play(game, "hurt 30").health == 70, "a blow counts")
patch:enable()
print(patch)
assert(target.play(game, "hurt 30").health == 70, "a blow counts no more")
assert(target.play(game, "hurt 30").health == 70)
print(game:disassemble(there, size))

-- Taken back; at the end of the script it would have been by itself.
patch:disable()
assert(target.play(game, "hurt 30").health == 40, "blows count again")
assert(#game:modified("pvm-target") == 0)
print("all as it was")
