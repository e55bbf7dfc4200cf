-- replay.lua PVMLUA SESSION HOME [SECONDS]: plays a session on a terminal of its own and writes what that
-- shows. SESSION has a line for each thing typed: `wait TEXT` until it is shown, `type TEXT` and Return,
-- `keys TEXT` without one (\t is Tab, \x03 Ctrl-C). SECONDS lie between two keys (default 0).
local program, session, home, pace = arg[1], arg[2], arg[3], tonumber(arg[4]) or 0
local columns, rows = 92, 40

local child = pvm.spawn({program, "-q", "--norc"}, {
  terminal = {columns = columns, rows = rows},
  env = {
    TERM = "xterm-256color", HOME = home, XDG_STATE_HOME = home, INPUTRC = "/dev/null", LC_ALL = "C.UTF-8",
    PATH = program:match("^(.*)/") .. ":" .. os.getenv("PATH"),
  },
})
local shown, seen = "", 1

local function receive(seconds)
  local bytes = child:receive(seconds)
  if not bytes then return false end
  io.write(bytes)
  io.flush()
  shown = shown .. bytes
  return true
end

local function wait(text)
  local deadline = pvm.now() + 20
  while true do
    local _, stop = shown:find(text, seen, true)
    if stop then
      seen = stop + 1
      return
    end
    assert(pvm.now() < deadline and receive(0.1), "not shown: " .. text)
  end
end

local function keys(text)
  for key in text:gmatch(utf8.charpattern) do
    child:send(key)
    if pace > 0 then
      pvm.sleep(pace)
      receive(0)
    end
  end
end

local line_begins = "\27[?2004h"
wait(line_begins)
for step in io.lines(session) do
  local verb, text = step:match("^(%l+) ?(.*)$")
  if verb then
    pvm.sleep(pace * 10)
    text = text:gsub("\\t", "\t"):gsub("\\x(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
    if verb == "type" then
      keys(text .. "\r")
      wait(line_begins)
    elseif verb == "keys" then
      keys(text)
      pvm.sleep(0.3)
      receive(0)
    else wait(text) end
  end
end
pvm.sleep(pace * 20)
child:send("\4")
while receive(5) do end
child:wait_exit(5)
