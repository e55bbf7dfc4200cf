-- pointers.lua PID TARGET MAX_OFFSET THREADS: finds pointer paths of up to 5 pointers and prints how
-- many there are, and our own peak of resident memory in KiB.
local pid, target, max_offset = tonumber(arg[1]), math.tointeger(arg[2]), math.tointeger(arg[3])
local game = pvm.attach(pid)
local paths = game:pointers_to(target,
  { depth = 5, max_offset = max_offset, threads = math.tointeger(arg[4]) })
assert(paths.complete and #paths >= 2, "the planted paths are missing")
for i = 1, math.min(#paths, 20) do
  assert(game:addr(paths[i].expression) == target, "a path leads elsewhere")
end
for line in io.lines("/proc/self/status") do
  local size = line:match("^VmHWM:%s+(%d+) kB")
  if size then print(#paths, size, paths.stats.pointers, paths.stats.seconds) end
end
