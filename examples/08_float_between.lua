-- Find a position. Real numbers are never quite what the screen shows, so they are looked for between two
-- bounds, or as what they round to.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start()

-- Somewhere in the east of the map, not far from its middle: that is all we know. Bounds away from zero
-- keep out the many small integers that read as tiny reals.
target.play(game, "move 217.3518 41.26 -63.0904")
local hits = game:scan("f32", { between = { 200, 250 }, exclude = { "stack" } })
print(("%d reals from 200 to 250"):format(#hits))

-- A step eastwards, then one back, then none at all.
target.play(game, "move 219.8041 41.26 -63.0904")
hits = hits:increased():next({ between = { 200, 250 } })
target.play(game, "move 216.9777 41.26 -63.0904")
hits = hits:changed_by(-3, -2)
hits = hits:unchanged()
print(("%d of them went along"):format(#hits))

-- Copies of a value go along with it, and only one of them counts. So write 1 into the first hit, 2 into the
-- second and so on, and see which number the game shows. At the end of the block everything is put back.
local east
do
  local labels <close> = hits:label(1)
  local _, line = target.play(game, "state")
  east = labels[assert(math.tointeger(tonumber(line:match("pos (%S+)"))))].address
end
print(("it is the one at %s"):format(game:name_of(east)))
assert(east == at.pos)

-- Now a screen that shows two digits. Each is true of the place: what it rounds to, what it is cut to, and
-- what it is about.
local on_screen = 216.98
local rounded = game:scan("f32", on_screen, { digits = 2 })
local cut = game:scan("f32", 216.97, { cut = 2 })
local about = game:scan("f32", on_screen, { tolerance = 0.005 })
local exact = game:scan("f32", on_screen)
print(("%d round to 216.98, %d are cut to 216.97, %d are within 0.005, %d are exactly that"):format(
  #rounded, #cut, #about, #exact))
assert(rounded:has(east) and cut:has(east) and about:has(east) and not exact:has(east))

-- Coordinates lie side by side.
local place = game:read_array(east, "f32", 3)
print(("we stand at %.4f %.4f %.4f"):format(table.unpack(place)))
game:write_array(east, "f32", { 0, 100, 0 })
local _, line = target.play(game, "state")
assert(line:find("pos 0.0 100.0 0.0", 1, true), "we flew to the middle of the map")
