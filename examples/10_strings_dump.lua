-- All text in a running program, as JSON lines: one object a line, for jq, grep and their friends.
--
--   pvmlua examples/10_strings_dump.lua [FILE]
local here = arg[0]:match("^(.*/)") or "./"
local python = dofile(here .. "support/python.lua")

local program = python.start [[
import sys
greeting = "good morning, "
print("ready")
for line in sys.stdin:
    greeting += line.strip()
    print(len(greeting))
]]
python.ask(program, "said in passing")

-- What reads like text: eight printable characters or more. All that can be read is searched, not only what
-- can be written: so the names of functions in libraries are found too.
local hits = program:find_regex("[ -~]{8,}", { perms = "r" })
local mib = hits.stats.bytes_read / 2 ^ 20
print(("%d texts in %.1f MiB of python3, found in %.2f s"):format(#hits, mib, hits.stats.seconds))

local path = arg[1] or os.tmpname()
assert(hits:json(path) == #hits)

-- Read back what we wrote: a line for each, and among them what the program was told and made of it.
local wanted = { "good morning, said in passing", "Py_Initialize", "greeting" }
local lines, seen = 0, {}
for line in io.lines(path) do
  lines = lines + 1
  local text = assert(line:match('^{"address":"0x%x+".*"value":"(.*)","old":'), line)
  for _, known in ipairs(wanted) do
    if not seen[known] and text:find(known, 1, true) then
      seen[known] = true
      print(line)
    end
  end
end
assert(lines == #hits, "a line for each")
for _, known in ipairs(wanted) do assert(seen[known], known) end
if not arg[1] then os.remove(path) end
python.stop(program)
