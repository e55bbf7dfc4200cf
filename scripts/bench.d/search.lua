-- search.lua ROW PASSES PID FIRST BYTES THREADS EXPECTED [INPUT OUTPUT]: nanoseconds of one search
-- by the wall clock, the median of so many passes, and by how many KiB our own peak of resident
-- memory grew. Fails unless EXPECTED are found each time, or as many as a row itself expects. INPUT
-- and OUTPUT are the target's standard streams, for rows in which its values change.
local row, passes, pid = arg[1], tonumber(arg[2]), tonumber(arg[3])
local first, bytes = tonumber(arg[4]), tonumber(arg[5])
local threads, expected = tonumber(arg[6]), tonumber(arg[7])
local input, output = arg[8], arg[9]

local game = pvm.attach(pid)

-- The options of a search, with the range and the threads that all have.
local function within(options)
  options = options or {}
  options.range = { first, first + bytes }
  options.threads = threads
  return options
end

-- Adds to one in `distance` of the target's values and returns how many those are.
local add_values = dofile(arg[0]:match("^(.*/)") .. "add.lua")
local function add(addend, distance) return add_values(input, output, addend, distance) end

local repeated = 1234567 -- what pvm-target's layouts of many equal values repeat

local function scan(format, condition)
  return function() return game:scan(format, condition) end
end

-- First searches.
local searches = {
  exact = scan("i32", within { equal = 1515896030 }),
  repeated = scan("i32", within { equal = repeated }),
  between = scan("i32", within { between = { 2000000000, 2000000999 } }),
  rounded = scan("f32", within { equal = 3.14, digits = 2 }),
  unaligned = scan("i32", within { equal = 1014864497, align = 1 }),
  long = scan("i64", within { equal = 1234567890123456789 }),
  unknown = scan("i32", within { unknown = true }),
  pattern = function() return game:find("48 8b 0d ?? ?? ?? 90 e9", within()) end,
  string = function() return game:find_string("planted needle text", within()) end,
  utf16 = function()
    return game:find_string("planted needle text", within { encoding = "utf16le" })
  end,
  regex = function() return game:find_regex("https?://[!-~]+", within()) end,
}

-- Searches in the hits of another: `from` makes these, and `change` is what the target does between
-- both and the number it returns is what `refine` must find.
local refinements = {
  changed = {
    from = searches.unknown,
    change = function() return add(1, 512) end,
    refine = function(hits) return hits:changed() end,
  },
  decreased = {
    from = searches.unknown,
    change = function() return add(-1, 512) end,
    refine = function(hits) return hits:decreased() end,
  },
  unchanged = {
    from = searches.unknown,
    change = function() return bytes // 4 - add(1, 512) end,
    refine = function(hits) return hits:unchanged() end,
  },
  again = {
    from = searches.repeated,
    refine = function(hits) return hits:next(repeated) end,
  },
  half = {
    from = searches.repeated,
    change = function() return bytes // 4 - add(1, 2) end,
    refine = function(hits) return hits:next(repeated) end,
    restore = function() add(-1, 2) end,
  },
  few = {
    from = searches.between,
    refine = function(hits) return hits:next { between = { 2000000000, 2000000999 } } end,
  },
}

local function peak()
  for line in io.lines("/proc/self/status") do
    local size = line:match("^VmHWM:%s+(%d+) kB")
    if size then return math.tointeger(size) end
  end
end

-- Runs a search so many times and returns the median of its times in seconds.
local function median(search)
  local times = {}
  for pass = 1, passes do
    collectgarbage()
    collectgarbage()
    local start = pvm.now()
    local hits = search()
    times[pass] = pvm.now() - start
    assert(#hits == expected, ("%s found %d, not %d"):format(row, #hits, expected))
  end
  table.sort(times)
  return times[passes // 2 + 1]
end

local before = peak()
local time
local refinement = refinements[row]
if refinement then
  local hits = refinement.from()
  if refinement.change then expected = refinement.change() end
  time = median(function() return refinement.refine(hits) end)
  if refinement.restore then refinement.restore() end
else
  time = median(assert(searches[row], "no such row"))
end
print(("%.1f %d"):format(time * 1e9, peak() - before))
