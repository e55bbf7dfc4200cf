-- pvmlua -m doctor PID: what access there is to a process, and why not.
local which = ...
if not which or select("#", ...) ~= 1 then
  io.stderr:write("usage: pvmlua -m doctor PID\n")
  os.exit(1, true)
end

local report, err = pvm.try_diagnose(math.tointeger(which) or which)
if not report then
  io.stderr:write("pvmlua: ", tostring(err), "\n")
  os.exit(1, true)
end

local function mark(ok)
  if ok == nil then return "--" end
  return ok and "ok" or "NO"
end

print(("process %d%s"):format(report.pid, report.name and " (" .. report.name .. ")" or ""))
for _, check in ipairs(report.checks) do
  print(("  %s  %-12s  %s"):format(mark(check.ok), check.name, check.text))
end
local built = {}
for _, name in ipairs{"regex", "disassembly", "debuginfo"} do
  if pvm.features[name] then built[#built + 1] = name end
end
print("built with: " .. (#built > 0 and table.concat(built, ", ") or "no traits"))
if report.access then
  print("access: yes")
else
  print("access: no")
  if report.message then print("  " .. report.message) end
  if report.hint then print("  " .. report.hint) end
  os.exit(1, true)
end
