-- The example of process_vm_readv(2), with its slip mended: 20 bytes from one place of another
-- process go into two buffers of 10 bytes, in one system call. (The page reads into two buffers from
-- one remote element too, but forgets to say that the pid and the address are made up.)
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")

local game, at = target.start()
game:write(at.scratch, "The quick brown fox jumps")

local calls = game.stats.calls
local buffers, count = game:readv({ 10, 10 }, { { at.scratch, 20 } })
print(("%d bytes: %q and %q"):format(count, buffers[1], buffers[2]))
assert(count == 20)
assert(buffers[1] == "The quick " and buffers[2] == "brown fox ")

-- The other way round: one buffer of 20 from two places, taken in the order of the list.
local joined = game:readv({ 20 }, { { at.scratch + 10, 10 }, { at.scratch, 10 } })
print(("%q"):format(joined[1]))
assert(joined[1] == "brown fox The quick ")

-- Reading and the proof that it was the same process all along.
print(game.stats.calls - calls .. " system calls")
