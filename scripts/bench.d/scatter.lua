-- scatter.lua PID ADDRESS STRIDE: nanoseconds for one plan:read() of 10 000 values.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local stride, rounds = math.tointeger(tonumber(arg[3])), 50
local items = {}
for i = 1, 10000 do
  items[i] = { address + (i - 1) * stride, "u64" }
end
local plan = game:scatter(items)
assert(plan:read()[10000] == game:read_u64(address + 9999 * stride))
local values = plan:read()
local start = os.clock()
for _ = 1, rounds do
  plan:read(values)
end
print((os.clock() - start) / rounds * 1e9)
