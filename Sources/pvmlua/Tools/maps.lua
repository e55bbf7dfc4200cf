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

local function size_text(size)
  for _, unit in ipairs{"B", "KiB", "MiB", "GiB"} do
    if size < 1024 then return ("%.4g %s"):format(size, unit) end
    size = size / 1024
  end
  return ("%.4g TiB"):format(size)
end

local function printable(text)
  return (text:gsub("%c", function(c) return ("\\x%02x"):format(c:byte()) end))
end

print(("%16s %16s  %-5s %10s  %-9s %s"):format("START", "END", "PERMS", "SIZE", "KIND", "NAME"))
local regions = process:regions()
for i = 1, #regions do
  local region = regions[i]
  local line = ("%16x %16x  %-5s %10s  %-9s %s"):format(
    region.start, region.stop, region.perms, size_text(region.size), region.kind,
    printable(region.name))
  print((line:gsub("%s+$", "")))
end
