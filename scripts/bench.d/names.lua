-- names.lua PID: nanoseconds that naming 100 000 addresses takes, half in the C library and half in the
-- program itself, once the symbols are loaded.
local game = pvm.attach(tonumber(arg[1]))

local function code(name)
  for _, segment in ipairs(game:module(name).segments) do
    if segment.perms:find("x") then return segment end
  end
end

local addresses = {}
for _, name in ipairs { "libc.so.6", "pvm-target" } do
  local segment = code(name)
  local step = (segment.stop - segment.start) // 50000
  for i = 0, 49999 do addresses[#addresses + 1] = segment.start + i * math.max(step, 1) end
end
game:name_of(addresses[1])
game:name_of(addresses[#addresses])
local start = os.clock()
local named = 0
for _, address in ipairs(addresses) do
  if game:name_of(address):find("!", 1, true) then named = named + 1 end
end
assert(named > #addresses / 2, named)
print((os.clock() - start) * 1e9)
