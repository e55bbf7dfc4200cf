-- compare.lua ROW PASSES PID FIRST BYTES THREADS [INPUT OUTPUT]: nanoseconds of one snapshot or diff
-- by the wall clock, the median of so many passes, by how many KiB our own peak of resident memory
-- grew, and how many KiB the snapshots say they hold. INPUT and OUTPUT are the target's standard
-- streams, for rows in which its values change; a file's path for those that save.
local row, passes, pid = arg[1], tonumber(arg[2]), tonumber(arg[3])
local first, bytes, threads = tonumber(arg[4]), tonumber(arg[5]), tonumber(arg[6])
local input, output = arg[7], arg[8]

local game = pvm.attach(pid)
local range = { first, first + bytes }

-- Adds to one in `distance` of the target's values and returns how many those are.
local add_values = dofile(arg[0]:match("^(.*/)") .. "add.lua")
local function add(addend, distance) return add_values(input, output, addend, distance) end

local function snapshot() return game:snapshot { range = range, threads = threads } end

local function status(key)
  for line in io.lines("/proc/self/status") do
    local size = line:match("^" .. key .. ":%s+(%d+) kB")
    if size then return math.tointeger(size) end
  end
end

-- What a row measures: `prepare` returns what `run` is given in every pass; `check` gets its result.
local rows = {
  snapshot = { run = snapshot },
  again = { prepare = snapshot, run = snapshot },
  diff = {
    prepare = function()
      local before = snapshot()
      local changed = add(1, 100)
      return { before = before, after = snapshot(), changed = changed }
    end,
    run = function(s) return s.before:diff(s.after, { type = "i32", threads = threads }) end,
    check = function(diff, s) assert(#diff == s.changed, #diff .. " are not " .. s.changed) end,
  },
  live = {
    prepare = function()
      local before = snapshot()
      return { before = before, changed = add(1, 100) }
    end,
    run = function(s)
      return s.before:diff(game, { type = "i32", threads = threads, range = range })
    end,
    check = function(diff, s) assert(#diff == s.changed, #diff .. " are not " .. s.changed) end,
  },
  save = {
    run = function()
      game:save(input, { threads = threads })
      return true
    end,
  },
  open = { run = function() return pvm.open(input) end },
}

local wanted = assert(rows[row], "no such row")
local subject = wanted.prepare and wanted.prepare()
local before = status("VmHWM")
local times = {}
for pass = 1, passes do
  collectgarbage()
  collectgarbage()
  local start = pvm.now()
  local result = wanted.run(subject)
  times[pass] = pvm.now() - start
  if wanted.check then wanted.check(result, subject) end
end
table.sort(times)
print(("%.1f %d"):format(times[passes // 2 + 1] * 1e9, status("VmHWM") - before))
