-- The nanoseconds that Tab takes where 10 000 names could come next.
local many = {}
_G.many = many
for i = 1, 10000 do many[("candidate_%05d"):format(i)] = i end

local times = {}
for round = 1, 11 do
  local start = os.clock()
  local found = pvm.complete("print(many.cand")
  times[round] = (os.clock() - start) * 1e9
  assert(#found == 10000)
end
table.sort(times)
print(("%.0f"):format(times[6]))
