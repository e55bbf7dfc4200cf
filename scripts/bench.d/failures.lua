-- failures.lua PID: a million calls that fail; prints the growth in KiB and in descriptors.
local game = pvm.attach(tonumber(arg[1]))

local function resident()
  for line in io.lines("/proc/self/status") do
    local size = line:match("^VmRSS:%s+(%d+) kB")
    if size then return tonumber(size) end
  end
end

local function descriptors()
  local count = 0
  for number = 0, 1023 do
    local file = io.open("/proc/self/fdinfo/" .. number)
    if file then
      count = count + 1
      file:close()
    end
  end
  return count
end

local function fail(count)
  for _ = 1, count // 4 do
    assert(not pcall(game.read_u32, game, 0x10))      -- an unmapped address
    assert(not pcall(game.read_u32, game, "here"))    -- not an address
    assert(not game:try_read(0x10, 64))               -- an error as a value
    assert(not pcall(game.write_u8, game, 0x10, 999)) -- a value out of range
  end
end

fail(100000)
collectgarbage()
local memory, files = resident(), descriptors()
fail(1000000)
collectgarbage()
print(resident() - memory, descriptors() - files)
