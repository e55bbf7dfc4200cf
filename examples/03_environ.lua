-- Reads the arguments and the environment of a running program out of its stack, without the files
-- that the kernel offers for it, and compares.
--
-- At its start a program finds on its stack: the number of arguments, a pointer to each, a zero, a
-- pointer to each variable of the environment, a zero. proc_pid_stat(5) says where that was
-- (startstack, field 28).
local sleep = pvm.spawn({ "sleep", "30" }, { env = { HOME = "/nowhere", COLOUR = "blå", EMPTY = "" } })

local function stat_field(pid, n)
  local file <close> = assert(io.open(("/proc/%d/stat"):format(pid)))
  local rest = file:read("a"):match("^.*%) (.*)$") -- the name may hold spaces and brackets
  local i = 2
  for word in rest:gmatch("%S+") do
    i = i + 1
    if i == n then return math.tointeger(word) end
  end
end

-- All pointers of a zero-ended list, and the address behind its zero.
local function pointers(at)
  local list, width = {}, sleep.bits // 8
  while true do
    local pointer = sleep:read_ptr(at)
    at = at + width
    if pointer == 0 then return list, at end
    list[#list + 1] = pointer
  end
end

local function strings(list)
  local plan = {}
  for i, address in ipairs(list) do plan[i] = { address, "cstr", 256 } end
  local values, texts = sleep:scatter(plan):read(), {}
  for i = 1, #values do texts[i] = values[i] end
  return texts
end

local function file_strings(path)
  local file <close> = assert(io.open(path, "rb"))
  local texts = {}
  for text in file:read("a"):gmatch("([^\0]*)\0") do texts[#texts + 1] = text end
  return texts
end

local top = stat_field(sleep.pid, 28)
print(("the stack began at %s"):format(sleep:name_of(top)))
print("argc", sleep:read_ptr(top))
local argv, behind = pointers(top + sleep.bits // 8)
local arguments, environment = strings(argv), strings((pointers(behind)))

print("arguments: " .. table.concat(arguments, " | "))
print("environment: " .. table.concat(environment, " | "))

local known = file_strings(("/proc/%d/environ"):format(sleep.pid))
assert(#known == #environment and #known == 3)
for i = 1, #known do assert(known[i] == environment[i], known[i]) end
assert(table.concat(arguments, " ") == table.concat(file_strings(("/proc/%d/cmdline"):format(sleep.pid)), " "))
print("the same as /proc/PID/environ and /proc/PID/cmdline")
sleep:kill()
sleep:wait_exit(5)
