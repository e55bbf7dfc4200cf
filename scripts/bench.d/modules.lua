-- modules.lua PID: nanoseconds for the modules of a process, the first time and once more.
local game = pvm.attach(tonumber(arg[1]))
local start = os.clock()
local modules = game:modules()
local first = os.clock() - start
start = os.clock()
assert(#game:modules() == #modules)
print(first * 1e9, (os.clock() - start) * 1e9)
