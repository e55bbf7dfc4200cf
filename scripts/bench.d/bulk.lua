-- bulk.lua PID ADDRESS BLOCK: nanoseconds for 1 GiB, read in blocks into one buffer.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local block = math.tointeger(tonumber(arg[3]))
local buffer = pvm.buffer(block)
game:read_into(buffer, address, block)
local start = os.clock()
for done = 0, (1 << 30) - 1, block do
  game:read_into(buffer, address + done, block)
end
print((os.clock() - start) * 1e9)
