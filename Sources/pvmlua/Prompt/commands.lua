-- The commands with a dot. Each stands for Lua, which it answers: that is shown, run like any entry,
-- and saved by .save, so that whoever uses them learns the API.
local host, globals = _G.pvmlua_prompt, _G
local commands, order = {}, {}

-- Declares a command: what it takes, what it does, and the function that answers entries to run.
local function command(name, takes, summary, answer)
  commands[name] = {takes = takes, summary = summary, answer = answer}
  order[#order + 1] = name
end

-- Ends a command with a message and no traceback.
local function refuse(text, ...) error({refusal = text:format(...)}) end

local function quoted(text) return (("%q"):format(text):gsub("\\\n", "\\n")) end

local function process()
  if rawget(globals, "game") == nil then refuse("no process is attached; try: .ps and .attach NAME") end
end

local function hits()
  local found = rawget(globals, "hits")
  if found == nil then refuse("nothing was searched yet; try: .scan i32 100") end
  return found
end

-- A number stays one; anything else becomes text.
local function literal(word)
  if tonumber(word) or word == "true" or word == "false" then return word end
  return quoted(word:match('^"(.*)"$') or word)
end

local function is_expression(text) return load("return " .. text, "=command", "t") ~= nil end

-- An address: a number, any Lua, or in quotes an expression of game:addr.
local function address(word)
  if word:match('^".*"$') then return "game:addr(" .. word .. ")" end
  if not is_expression(word) then refuse("'%s' is no address; try 0x5512af30 or \"game+0x12\"", word) end
  return word
end

local bounds = {["<"] = "less", ["<="] = "at_most", [">"] = "greater", [">="] = "at_least", ["~="] = "not_equal"}

-- The condition of a search: 5, 1..9, <5, ~=5, or ? for any value.
local function condition(word)
  if word == "?" then return "{unknown=true}" end
  local low, high = word:match("^(%-?[%w.]-)%.%.(%-?[%w.]+)$")
  if low and tonumber(low) and tonumber(high) then return ("{between={%s, %s}}"):format(low, high) end
  local sign, value = word:match("^([<>~]=?)%s*(%-?[%w.]+)$")
  if sign and bounds[sign] and tonumber(value) then return ("{%s=%s}"):format(bounds[sign], value) end
  if tonumber(word) or word == "true" or word == "false" then return word end
  refuse("'%s' is no condition; try 100, 1..9, <5, ~=0 or ?", word)
end

command("help", "[TOPIC]", "show the commands, or the page of a function", function(topic)
  if topic ~= "" then
    if rawget(globals, "help") then return "help(" .. quoted(topic) .. ")" end
    return "print(pvm.help(" .. quoted(topic) .. "))"
  end
  local width = 0
  for _, name in ipairs(order) do width = math.max(width, #name + #commands[name].takes) end
  for _, name in ipairs(order) do
    local known = commands[name]
    local usage = ("%s %s"):format(name, known.takes)
    print((".%-" .. (width + 2) .. "s %s"):format(usage, known.summary))
  end
end)

command("attach", "NAME or PID", "choose a process; it is the global game", function(which)
  if which == "" then refuse("which process? .ps lists them") end
  return "game = pvm.attach(" .. (math.tointeger(which) and which or quoted(which)) .. ")", "game"
end)

command("detach", "", "give the process back; it runs on", function()
  process()
  return "game:close() game = nil"
end)

command("ps", "[TEXT]", "list processes, or those with a text in their command line", function(text)
  local which = text == "" and "" or "{cmdline=" .. quoted(text) .. "}"
  return "for _, p in ipairs(pvm.ps(" .. which .. ")) do print(p.pid, p.user, p.name, p.cmdline) end"
end)

command("maps", "[PERMS or FILE]", "list what the process has mapped", function(filter)
  process()
  if filter == "" then return "game:regions()" end
  local option = filter:match("^[rwxsp?-]+$") and "perms" or "file"
  return ("game:regions{%s=%s}"):format(option, quoted(filter))
end)

command("scan", "TYPE VALUE", "search: .scan i32 100, f32 1..2, i32 ?, text hello, bytes 48 8b ??", function(words)
  process()
  local kind, rest = words:match("^(%S+)%s*(.*)$")
  if not kind then refuse("what is to be searched? .scan i32 100") end
  local search
  if kind == "text" then search = ("game:find_string(%s)"):format(literal(rest))
  elseif kind == "bytes" then search = ("game:find(%s)"):format(quoted(rest))
  elseif rest == "" and tonumber(kind) then
    search = ('game:scan("%s", %s)'):format(math.type(tonumber(kind)) == "integer" and "i32" or "f32", kind)
  else search = ("game:scan(%s, %s)"):format(quoted(kind), condition(rest == "" and "?" or rest)) end
  return "hits = " .. search, "hits"
end)

local changes = {changed = true, unchanged = true, increased = true, decreased = true}

command("next", "VALUE or CHANGE", "narrow: .next 95, <5, changed, unchanged, increased, decreased 5", function(words)
  hits()
  local word, rest = words:match("^(%S+)%s*(.*)$")
  if not word then refuse("which of the hits are to stay? .next 95") end
  local step
  if changes[word] and rest == "" then step = "hits:" .. word .. "()"
  elseif changes[word] and tonumber(rest) and word:match("creased$") then
    step = ("hits:%s_by(%s)"):format(word, rest)
  elseif word:match("^%+%d") then step = ("hits:increased_by(%s)"):format(word:sub(2))
  else step = ("hits:next(%s)"):format(condition(words)) end
  return "hits = " .. step, "hits"
end)

command("undo", "", "go back to the hits before", function()
  if not hits().parent then refuse("these are the first hits") end
  return "hits = hits.parent", "hits"
end)

command("hits", "[PAGE]", "show the hits", function(page)
  hits()
  return ("hits:page(%d)"):format(math.tointeger(page) or 1)
end)

command("hex", "ADDRESS [COUNT]", "show memory as hexadecimal and text", function(words)
  process()
  local place, count = words:match("^(.-)%s+(%d+)$")
  place, count = place or words, count or "128"
  if place == "" then refuse("where? .hex hits[1].address") end
  return ("game:hexdump(%s, %s)"):format(address(place), count)
end)

local function shown_values(...)
  local text = host:text(...)
  if text then return text end
  local parts = table.pack(...)
  for i = 1, parts.n do parts[i] = tostring(parts[i]) end
  return table.concat(parts, "\t") .. "\n"
end

command("watch", "EXPRESSION", "show a value again and again until a key is pressed", function(expression)
  local value, fault = load("return " .. expression, "=stdin", "t")
  if expression == "" or not value then refuse("'%s' is no expression: %s", expression, fault or "it is empty") end
  host:echo(("while true do print(%s) pvm.sleep(0.2) end"):format(expression))
  host:watch(function() return shown_values(value()) end)
end)

command("freeze", "[HIT VALUE | ADDRESS TYPE VALUE | off]", "hold a value; alone: show what is held", function(words)
  process()
  if words == "" then return "for _, freeze in ipairs(game:freezes()) do print(freeze) end" end
  if words == "off" then return "for _, freeze in ipairs(game:freezes()) do freeze:release() end" end
  local place, type, value = words:match("^(%S+)%s+(%a%w*)%s+(%S+)$")
  if place then return ("game:cell(%s, %s):freeze(%s)"):format(address(place), quoted(type), literal(value)) end
  local hit
  hit, value = words:match("^(%d+)%s*(%S*)$")
  if not hit or not hits()[math.tointeger(hit)] then refuse("what is to be held? .freeze 1 999 holds the first hit") end
  return ("hits[%s]:freeze(%s)"):format(hit, value ~= "" and literal(value) or "")
end)

command("patches", "", "show what is patched", function()
  process()
  return "for _, patch in ipairs(game:patches()) do print(patch) end"
end)

command("snap", "", "copy what the process holds, to compare with later", function()
  process()
  return "before = game:snapshot()", "before"
end)

command("diff", "[TYPE]", "tell what has changed since .snap", function(type)
  process()
  if rawget(globals, "before") == nil then refuse("there is nothing to compare with; try: .snap") end
  return ("changes = before:diff(game, {type=%s})"):format(quoted(type ~= "" and type or "i32")), "changes"
end)

command("time", "LUA", "run something and say how long it took", function(text)
  local timed = 'io.write(("%.3f ms\\n"):format((pvm.now() - start) * 1e3))'
  if is_expression(text) then
    return ("do local start = pvm.now() local all = table.pack(%s) %s return table.unpack(all, 1, all.n) end")
      :format(text, timed)
  end
  return ("do local start = pvm.now() %s %s end"):format(text, timed)
end)

command("load", "FILE", "run a file, and again whenever it is saved", function(path)
  if path == "" then refuse("which file?") end
  host:watch_file(path)
  return "dofile(" .. quoted(path) .. ")"
end)

command("reload", "", "run the file of .load again", function()
  local path = host.file
  if not path then refuse("no file was loaded; try: .load FILE") end
  host:watch_file(path)
  return "dofile(" .. quoted(path) .. ")"
end)

local headline = "-- What was done at the prompt of pvmlua, saved by .save."

local preamble = [[
-- Run it with: pvmlua FILE
local function show(number, ...)
  __, _, _G["_" .. number] = _, (...), (...)
  print(...)
end
]]

-- An entry as a statement that leaves the next ones alone.
local function statement(entry)
  local source, number = entry.source, entry.number
  if number then
    local value = source:match("^%s*return%f[%W]%s*(.*)$") or source
    if is_expression(value) then return ("show(%d, %s)"):format(number, value) end
    return ("show(%d, (function() %s\nend)())"):format(number, source)
  end
  if source:match("%f[%w_]return%f[^%w_]") then return (";(function() %s\nend)()"):format(source) end
  if source:match("%f[%w_]local%f[^%w_]") then return ("do %s\nend"):format(source) end
  return source:match("^%s*%(") and ";" .. source or source
end

command("save", "FILE", "write what was done so far as a script", function(path)
  if path == "" then refuse("where to? .save mine.lua") end
  local old = io.open(path)
  if old then
    local first = old:read(#headline)
    old:close()
    if first ~= headline then refuse("'%s' exists and was not written by .save", path) end
  end
  local lines = {headline, preamble}
  for _, entry in ipairs(host:log()) do lines[#lines + 1] = statement(entry) end
  local file, fault = io.open(path, "w")
  if not file then refuse("cannot write: %s", fault) end
  file:write(table.concat(lines, "\n"), "\n")
  local done, reason = file:close()
  if not done then refuse("cannot write: %s", reason) end
  print(("saved %d entries in %s"):format(#lines - 2, path))
end)

command("edit", "[FILE]", "write an entry in $EDITOR, or edit a file and run it", function(path)
  local editor = os.getenv("VISUAL") or os.getenv("EDITOR") or "vi"
  local name = path ~= "" and path or os.tmpname()
  local log = host:log()
  if path == "" and #log > 0 then
    local file = assert(io.open(name, "w"))
    file:write(log[#log].source, "\n")
    file:close()
  end
  local done = os.execute(("%s '%s'"):format(editor, (name:gsub("'", [['\'']]))))
  if path ~= "" then return done and "dofile(" .. quoted(path) .. ")" or nil end
  local file = io.open(name)
  local entry = file and file:read("a") or ""
  if file then file:close() end
  os.remove(name)
  return done and entry:match("%S") and entry:gsub("%s+$", "") or nil
end)

command("log", "", "show what was done so far", function()
  for _, entry in ipairs(host:log()) do
    local label = entry.number and "_" .. entry.number or ""
    io.write(("%5s  %s\n"):format(label, (host:colored(entry.source):gsub("\n", "\n       "))))
  end
end)

command("history", "[TEXT]", "show earlier entries, of earlier sessions too", function(text)
  for number, entry in ipairs(host:history()) do
    if text == "" or entry:find(text, 1, true) then
      io.write(("%5d  %s\n"):format(number, (entry:gsub("\n", "\n       "))))
    end
  end
end)

command("clear", "", "clear the screen", function() host:clear() end)

command("quit", "", "leave, as Ctrl-D does", function() host:leave() end)

-- The command of a name, or of the only name that begins so.
local function find(name)
  if commands[name] then return commands[name] end
  local found = {}
  for _, known in ipairs(order) do
    if known:sub(1, #name) == name then found[#found + 1] = known end
  end
  if #found == 1 then return commands[found[1]] end
  if #found > 1 then refuse("which one: .%s?", table.concat(found, ", .")) end
  refuse("there is no command .%s; .help lists them", name)
end

-- Answers the entries that a command stands for, with zero bytes between them.
local function answer(line)
  local name, words = line:match("^%s*%.([%a_]+)%s*(.-)%s*$")
  if not name then refuse("a command is a dot and a word; .help lists them") end
  local entries = {}
  for _, entry in ipairs{find(name).answer(words)} do entries[#entries + 1] = entry end
  return table.concat(entries, "\0")
end

host:set("command", function(line)
  local ok, answered = pcall(answer, line)
  if ok then return answered end
  if type(answered) == "table" and answered.refusal then return host:complain(answered.refusal) end
  error(answered, 0)
end)

host:set("names", function() return "." .. table.concat(order, " .") end)
