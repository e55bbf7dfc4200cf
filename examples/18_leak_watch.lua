-- Watch a service's counters and write them to a CSV file once a second, without a pause for the service and
-- without its help. Does it leak?
--
--   pvmlua 18_leak_watch.lua [rows [seconds a row [file.csv]]]
--
-- A leak hides in the noise: what is open goes up and down with every request. But the least number that is open
-- within a second must not go up for ever, and to see that one has to look often. An update costs a few microseconds.
local here = arg[0]:match("^(.*/)") or "./"
local python = dofile(here .. "support/python.lua")
local rows = tonumber(arg[1]) or 4
local every = tonumber(arg[2]) or 1
local csv = arg[3] and assert(io.open(arg[3], "w")) or io.stdout

-- The service: about 150 requests a second, each opens a session; one in ten is never closed.
local service = python.start [[
import array, sys, threading, time
counters = array.array("q", [0] * 64)
def serve():
    while True:
        counters[12] += 1                       # requests
        counters[40] += 1                       # open sessions
        counters[41] = counters[40] * 4096      # bytes they hold
        counters[50] ^= 1                       # busy
        time.sleep(0.003)
        if counters[12] % 10: counters[40] -= 1
        counters[50] ^= 1
        time.sleep(0.003)
threading.Thread(target=serve, daemon=True).start()
print("ready")
for line in sys.stdin:
    print("0x%x" % counters.buffer_info()[0])
]]
local counters = math.tointeger(python.ask(service, "where are your counters?"))

-- Which of its 64 counters move at all, and how? Half a second is enough to see.
local track = service:track({ counters, 64 * 8 }, 0.5, { type = "i64", every = 0.005 })
print(track)
local requests, open, bytes = counters + 12 * 8, counters + 40 * 8, counters + 41 * 8
assert(track:only("monotone"):hits():has(requests), "requests only rise")
assert(track:hits():has(open) and track:hits():has(bytes))

-- Three of them, a hundred times a second.
local watcher = service:watch { requests = { requests, "i64" }, open = { open, "i64" }, bytes = { bytes, "i64" } }
local calls, least = service.stats.calls, {}
csv:write("row,requests,open,least_open,bytes\n")
for row = 1, rows do
  local stop = pvm.now() + every
  repeat
    watcher:update()
    least[row] = math.min(least[row] or math.maxinteger, watcher.open)
    pvm.sleep(0.01)
  until pvm.now() >= stop
  csv:write(("%d,%d,%d,%d,%d\n"):format(row, watcher.requests, watcher.open, least[row], watcher.bytes))
  csv:flush()
end
print(("%d updates, %d system calls"):format(watcher.updates, service.stats.calls - calls))
local lost = least[rows] - least[1]
print(("the least number of open sessions rose by %d: %s"):format(lost, lost > 0 and "it leaks" or "no leak"))
assert(rows < 2 or lost > 0)
if csv ~= io.stdout then csv:close() end
python.stop(service)
