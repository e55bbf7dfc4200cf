-- freeze.lua PID ADDRESS STRIDE SECONDS: freezes 10 000 values at 20 Hz, STRIDE bytes apart, and
-- prints what that takes of a processor, in percent, and the lateness at the 99th percentile, in
-- nanoseconds.
local game, address = pvm.attach(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local stride, seconds = tonumber(arg[3]), tonumber(arg[4])
local freeze
for i = 0, 9999 do freeze = game:cell(address + i * stride, "i32"):freeze(i, { every = 0.05 }) end
pvm.sleep(0.2)
-- The time of all threads, to the microsecond.
local start, cpu = pvm.now(), os.clock()
pvm.sleep(seconds)
local share = (os.clock() - cpu) / (pvm.now() - start)
local report = freeze.report
assert(report.ticks >= seconds * 19 and not report.fault and report.resisted == 0)
print(("%.3f %.0f"):format(share * 100, report.lateness.p99 * 1e9))
