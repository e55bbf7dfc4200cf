-- pvmlua -m ps [PATTERN]: the processes, or those whose name or command line holds the pattern.
-- The pattern is text, in which * stands for any text and ? for any character.
local pattern = ...

local function as_lua_pattern(text)
  local escaped = text:lower():gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0")
  return (escaped:gsub("%*", ".*"):gsub("%?", "."))
end

local function printable(text)
  return (text:gsub("%c", function(c) return ("\\x%02x"):format(c:byte()) end))
end

local status <close> = assert(io.open("/proc/self/stat"))
local own = status:read("n")
local wanted = pattern and as_lua_pattern(pattern)

local function is_wanted(process)
  if not wanted then return true end
  if process.pid == own then return false end
  return process.name:lower():find(wanted) or process.cmdline:lower():find(wanted)
end

local rows = {{"PID", "USER", "THREADS", "NAME", "COMMAND"}}
for _, process in ipairs(pvm.ps()) do
  if is_wanted(process) then
    rows[#rows + 1] = {
      tostring(process.pid), tostring(process.user or process.uid or "?"), tostring(process.threads),
      printable(process.name), printable(process.cmdline),
    }
  end
end

local widths = {}
for _, row in ipairs(rows) do
  for i = 1, #row do widths[i] = math.max(widths[i] or 0, utf8.len(row[i]) or #row[i]) end
end

local function pad(text, width, to_the_right)
  local space = (" "):rep(width - (utf8.len(text) or #text))
  return to_the_right and space .. text or text .. space
end

for _, row in ipairs(rows) do
  local cells = {
    pad(row[1], widths[1], true), pad(row[2], widths[2]), pad(row[3], widths[3], true),
    pad(row[4], widths[4]), row[5],
  }
  print((table.concat(cells, "  "):gsub("%s+$", "")))
end
if #rows == 1 then os.exit(1, true) end
