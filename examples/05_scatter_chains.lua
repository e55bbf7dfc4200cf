-- 64 chains of 5 pointers and 200 typed values, in a handful of system calls.
--
-- A call per value would be 520 of them. `resolve_all` follows all chains level by level, one gather
-- a level, and a plan reads any number of places with neighbours merged.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")

local CHAINS, HOPS, VALUES = 64, 5, 200
local game, at = target.start()

-- Chains of our own in the game's scratch memory: node k of chain i points at node k + 1.
local node_size = 0x40
local function node(chain, hop) return at.scratch + (chain * (HOPS + 1) + hop) * node_size end
local pointers = {}
for chain = 0, CHAINS - 1 do
  for hop = 0, HOPS - 1 do
    -- Each pointer lies 8 * hop bytes into its node, as fields of real structs do.
    pointers[#pointers + 1] = { node(chain, hop) + 8 * hop, "ptr" }
  end
end
local links = game:scatter(pointers)
local next_nodes = {}
for chain = 0, CHAINS - 1 do
  for hop = 0, HOPS - 1 do next_nodes[#next_nodes + 1] = node(chain, hop + 1) end
end
assert(links:write(next_nodes) == CHAINS * HOPS)

local function counted(what, work)
  local before = game.stats.calls
  local result = work()
  print(("%-40s %4d system calls"):format(what, game.stats.calls - before))
  return result
end

local paths = {}
for chain = 0, CHAINS - 1 do paths[chain + 1] = { node(chain, 0), 8, 16, 24, 32, 0 } end

local one_by_one = counted("64 chains of 5 hops, a call per hop", function()
  local ends = {}
  for i, path in ipairs(paths) do ends[i] = game:resolve(table.unpack(path)) end
  return ends
end)
local together = counted("64 chains of 5 hops, together", function()
  return (game:resolve_all(paths))
end)
for i = 1, CHAINS do
  assert(together[i] == one_by_one[i] and together[i] == node(i - 1, HOPS))
end

local places, types = {}, { "i32", "u16", "f32", "u8", "i64" }
for i = 1, VALUES do places[i] = { at.entities + (i - 1) * 7, types[i % #types + 1] } end
local plan = game:scatter(places)
local values = counted("200 typed values, one plan", function() return plan:read() end)
counted("200 typed values, a call per value", function()
  for i, place in ipairs(places) do
    local value = game["read_" .. place[2]](game, place[1])
    assert(values[i] == value or value ~= value)
  end
end)
