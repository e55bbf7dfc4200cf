-- pvmlua -m ps [PATTERN]: the processes, or those whose name or command line holds the pattern.
-- The pattern is text, in which * stands for any text and ? for any character.
local pattern = ...

local function as_lua_pattern(text)
  local escaped = text:lower():gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0")
  return (escaped:gsub("%*", ".*"):gsub("%?", "."))
end

local status <close> = assert(io.open("/proc/self/stat"))
local own = status:read("n")
local wanted = pattern and as_lua_pattern(pattern)

local function is_wanted(process)
  if not wanted then return true end
  if process.pid == own then return false end
  return process.name:lower():find(wanted) or process.cmdline:lower():find(wanted)
end

local rows = {}
for _, process in ipairs(pvm.ps()) do
  if is_wanted(process) then
    rows[#rows + 1] = {
      process.pid, process.user or process.uid or "?", process.threads, process.name, process.cmdline,
    }
  end
end

local titles = {"PID", "USER", "THREADS", "NAME", "COMMAND"}
print(pvm.table(rows, {titles=titles, right={"PID", "THREADS"}}))
if #rows == 0 then os.exit(1, true) end
