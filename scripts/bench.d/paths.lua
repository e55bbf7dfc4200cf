-- paths.lua PID ADDRESS STRIDE: nanoseconds for following 1000 paths of 5 pointers, and the system calls for a level.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local stride, rounds = math.tointeger(tonumber(arg[3])), 50
local PATHS, HOPS = 1000, 5

-- Node h of path p holds a pointer to node h + 1; neighbours belong to different paths.
local function node(path, hop) return address + (hop * PATHS + path * 7 % PATHS) * stride end
local places, pointers, paths = {}, {}, {}
for path = 1, PATHS do
  for hop = 0, HOPS - 1 do
    places[#places + 1] = { node(path, hop) + 8, "ptr" }
    pointers[#pointers + 1] = node(path, hop + 1)
  end
  paths[path] = pvm.path(("["):rep(HOPS) .. node(path, 0) .. "+8" .. ("]+8"):rep(HOPS))
end
assert(game:scatter(places):write(pointers) == #places)

local ends, broken = game:resolve_all(paths)
assert(not broken and ends[PATHS] == node(PATHS, HOPS) + 8)
local calls = game.stats.calls
local start = os.clock()
for _ = 1, rounds do
  game:resolve_all(paths)
end
print((os.clock() - start) / rounds * 1e9, (game.stats.calls - calls) / rounds / HOPS)
