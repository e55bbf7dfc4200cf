-- pvmlua -m maps PID: the mappings of a process, with what each is.
local which = ...
if not which or select("#", ...) ~= 1 then
  io.stderr:write("usage: pvmlua -m maps PID\n")
  os.exit(1, true)
end

local process, err = pvm.try_attach(math.tointeger(which) or which, {read_only = true})
if not process then
  io.stderr:write("pvmlua: ", tostring(err), "\n")
  os.exit(1, true)
end

local regions = process:regions()
print(regions:page(1, math.max(#regions, 1)))
