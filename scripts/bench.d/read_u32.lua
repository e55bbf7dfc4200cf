-- read_u32.lua PID ADDRESS: nanoseconds for one game:read_u32, in a loop.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local calls, sum = 300000, 0
local start = os.clock()
for _ = 1, calls do
  sum = sum + game:read_u32(address)
end
print((os.clock() - start) / calls * 1e9)
