-- pvmlua -m manual DIR: writes the editor definitions and the reference of the module pvm.
local folder = ...
if not folder or select("#", ...) ~= 1 then
  io.stderr:write("usage: pvmlua -m manual DIR\n")
  os.exit(1, true)
end

for name, text in pairs(pvm.manual()) do
  local path = folder .. "/" .. name
  local file, reason = io.open(path, "w")
  local written = file and file:write(text)
  if not (written and file:close()) then
    io.stderr:write("pvmlua: cannot write ", reason or path, "\n")
    os.exit(1, true)
  end
end
