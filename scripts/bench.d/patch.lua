-- patch.lua PID ADDRESS WHAT: nanoseconds for one of these on 1000 values 68 bytes apart, the median
-- of 21: `write`, a scatter write alone; `enable`, a patch of as many places, its journal included.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local items, values, edits = {}, {}, {}
for i = 1, 1000 do
  local place = address + (i - 1) * 68
  items[i], values[i] = { place, "i32" }, i
  edits[i] = { at = place, value = i, type = "i32" }
end
local plan, patch = game:scatter(items), game:patch { edits = edits }
local steps = {
  write = { function() plan:write(values) end, function() end },
  enable = { function() patch:enable() end, function() patch:disable() end },
}
local times = {}
for i = 1, 21 do
  local start = pvm.now()
  steps[arg[3]][1]()
  times[i] = (pvm.now() - start) * 1e9
  steps[arg[3]][2]()
end
table.sort(times)
print(times[11])
