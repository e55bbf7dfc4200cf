-- pvmlua -m lint FILE [PROCESS|PROGRAM|CORE]: does a trainer still fit its game, or the game's file on disk?

local path, which = ...
if not path or select("#", ...) > 2 then
  io.stderr:write("usage: pvmlua -m lint FILE [PROCESS|PROGRAM|CORE]\n")
  os.exit(1, true)
end

-- An error without the place in this file.
local function words(err) return type(err) == "table" and err.text or tostring(err) end

local function fail(...)
  io.stderr:write("pvmlua: ", ...)
  io.stderr:write("\n")
  os.exit(1, true)
end

-- The file sees itself as the script, without arguments. Nothing it declares is run, and nothing can be written.
rawset(_G, "arg", {[0] = path})
local chunk, reason = loadfile(path)
if not chunk then fail(reason) end
local ok, problem = pcall(chunk)
if not ok then fail(tostring(problem)) end
local trainers = pvm.trainers()
if #trainers == 0 then fail(path, " declares no trainer (pvm.trainer)") end

local function open(name)
  local pid = math.tointeger(tonumber(name))
  if pid then return pvm.try_attach(pid, {read_only = true}) end
  local file = io.open(name)
  if not file then return pvm.try_attach(name, {read_only = true}) end
  file:close()
  return pvm.try_open(name)
end

local game
if which then
  game, problem = open(which)
  if not game then fail(words(problem)) end
end

local failed, count = 0, 0
for _, trainer in ipairs(trainers) do
  local findings, err = trainer:try_lint(game)
  if not findings then
    fail(words(err), "\n  start the game, or name its file: pvmlua -m lint ", path, " /path/of/the/program")
  end
  print(tostring(trainer))
  for _, finding in ipairs(findings) do
    local word = finding.outcome == "failed" and "FAILED" or finding.outcome
    print(("  %-9s  %s: %s"):format(word, finding.subject, finding.text))
    count = count + 1
    if finding.outcome == "failed" then failed = failed + 1 end
  end
end
if failed == 0 then
  print("nothing speaks against it")
else
  print(("%d of %d do not match"):format(failed, count))
end
os.exit(failed == 0, true)
