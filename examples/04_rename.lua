-- Changes what ps shows of a running program, by writing over its arguments in its own memory.
local sleep = pvm.spawn { "sleep", "12345" }

local function shown()
  return pvm.ps({ pid = sleep.pid })[1].cmdline
end

-- The arguments lie side by side, each ended by a zero; the kernel shows what is there now.
-- proc_pid_stat(5), fields 48 and 49: arg_start and arg_end.
local file <close> = assert(io.open(("/proc/%d/stat"):format(sleep.pid)))
local fields = {}
for word in file:read("a"):match("^.*%) (.*)$"):gmatch("%S+") do fields[#fields + 1] = word end
local first, behind = math.tointeger(fields[46]), math.tointeger(fields[47])
local room = behind - first

print("before: " .. shown())
local old = sleep:read(first, room)
assert(old == "sleep\00012345\0")

local new = "dream\0sweet"
sleep:write(first, new .. ("\0"):rep(room - #new))
print("after:  " .. shown())
assert(shown():match("^dream sweet"))

sleep:write(first, old)
print("again:  " .. shown())
assert(shown() == "sleep 12345")
sleep:kill()
sleep:wait_exit(5)
