-- What the prompt does in Lua: showing values, its sign, and what is due while a line is typed.
local host, globals = _G.pvmlua_prompt, _G
local plain_print, write, run = print, io.write, pvm.run
globals.pvmlua_prompt = nil

-- So many values can be had back as _1, _2 ...; older ones would hold their memory for ever.
local kept = 20

local function keep(value)
  local number = host:count()
  rawset(globals, "__", rawget(globals, "_"))
  rawset(globals, "_", value)
  rawset(globals, "_" .. number, value)
  if number > kept then rawset(globals, "_" .. (number - kept), nil) end
end

host:set("results", function(...)
  if (...) ~= nil then keep((...)) end
  if rawget(globals, "print") == plain_print then
    local text = host:text(...)
    if text then return write(text) end
  end
  globals.print(...)
end)

-- Sees what `game` is, and answers a sign of the user's own: _PROMPT or _PROMPT2.
host:set("look", function(name)
  host:see(rawget(globals, "game"))
  local sign = rawget(globals, name)
  if type(sign) == "function" then sign = sign() end
  return type(sign) == "string" and sign or nil
end)

host:set("turn", function() run(0) end)
