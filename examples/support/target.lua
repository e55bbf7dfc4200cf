-- Starts the bundled target for the examples: a small game that prints its state.
local target = {}

-- Answers the process and a table of the addresses that the game prints about itself. `options` are
-- further arguments of pvm-target.
function target.start(...)
  local game = pvm.spawn({ pvm.target_path(), "--addresses", "--rate", "0", "--until-eof", ... },
    { stdin = "pipe", stdout = "pipe" })
  local at = {}
  for line in function() return game:receive_line(20) end do
    if line == "ready" then return game, at end
    local key, value = line:match("^([%w_]+)=(0x%x+)$")
    if key then at[key] = math.tointeger(value) end
  end
  error("the target ended before it was ready")
end

-- Sends the game a command and answers the line it says.
function target.ask(game, command)
  game:send(command .. "\n")
  return game:receive_line(5)
end

-- The same, shown to the person who runs the example. Answers the line and the numbers in it:
-- `tick 3  health 97` gives {tick=3, health=97}.
function target.play(game, command)
  local line = target.ask(game, command)
  print(("  > %-10s %s"):format(command, line))
  local numbers = {}
  for key, value in line:gmatch("(%a+) (%-?%d+)") do numbers[key] = math.tointeger(value) end
  return numbers, line
end

return target
