-- A live table of a struct in a running program, in which only what has just changed is highlighted. On a terminal it
-- is drawn in place; anywhere else there is a line for each change.
--
--   pvmlua 19_watch_struct.lua [seconds]
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local seconds = tonumber(arg[1]) or 2
local game, at = target.start("--rate", "10", "--quiet")

-- The player's struct: name, offset, type, count. It lies at the end of a chain of pointers, which every update follows
-- anew, so that the table goes on when the game puts its player elsewhere.
local fields = {
  { "health", 0x00, "i32" }, { "gold", 0x04, "i32" }, { "ammo", 0x08, "i32" }, { "deaths", 0x0c, "u32" },
  { "position", 0x10, "f32", 3 }, { "speed", 0x1c, "f32" }, { "name", 0x20, "cstr", 32 },
  { "experience", 0x90, "i64" }, { "playtime", 0x98, "f64" }, { "mana", 0xa0, "i16" }, { "level", 0xa2, "u8" },
  { "alive", 0xa3, "bool" },
}
local places = {}
for _, field in ipairs(fields) do
  local name, offset, type, count = table.unpack(field)
  places[name] = { { at.root, 0x10, 0x8, offset }, type, count }
end
local player = game:watch(places)

local function show(value)
  if math.type(value) == "float" then return ("%.2f"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for i, part in ipairs(value) do parts[i] = show(part) end
  return table.concat(parts, " ")
end

-- Bright for what has just changed, and plain again half a second later.
local changed_at = {}
local function draw(now)
  io.write("\27[H\27[J", "player of ", tostring(game), ", ", player.updates, " updates\n\n")
  for _, field in ipairs(fields) do
    local name = field[1]
    local bright = now - (changed_at[name] or -1) < 0.5
    io.write(bright and "\27[1;7m" or "", ("%-12s %-24s"):format(name, show(player.new:get(name))), "\27[0m\n")
  end
  io.flush()
end

local on_terminal = os.execute("test -t 1")
local start, changes = pvm.now(), 0
local commands = { { 0.4, "gold 300" }, { 0.8, "move 4 5 6" }, { 1.2, "hurt 30" } }
repeat
  local now = pvm.now()
  if commands[1] and now - start >= commands[1][1] then
    game:send(table.remove(commands, 1)[2] .. "\n")
  end
  local has_changed = player:update()
  for _, change in ipairs(player:changes()) do
    changed_at[change.name], changes = now, changes + 1
    if not on_terminal then
      print(("%5.2f s  %-10s %s -> %s"):format(now - start, change.name, show(change.old), show(change.new)))
    end
  end
  if on_terminal and (has_changed or player.updates % 10 == 1) then draw(now) end
  pvm.sleep(1 / 120)
until now - start >= seconds

print(("%d updates, %d changes"):format(player.updates, changes))
assert(changed_at.health, "every tick takes some health")
assert(seconds < 1 or changed_at.gold and player.gold == 300)
assert(not changed_at.name, "nobody changed the name")
