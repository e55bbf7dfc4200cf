-- Look into a running Python by the names that its program and its libraries carry: no debug symbols, no
-- searching, nothing that changes with the next start.
local here = arg[0]:match("^(.*/)") or "./"
local python = dofile(here .. "support/python.lua")

local program = python.start [[
import sys
print("ready")
for line in sys.stdin:
    print(line.strip())
]]

-- What it consists of. The size is what each module says of itself, with the memory it zeroes at its start.
for _, module in ipairs(program:modules()) do
  if module.format == "elf" then
    print(("%-28s %-7s %8d KiB  build %s"):format(module.name, module.arch, module.size // 1024,
      (module.build_id or "unknown"):sub(1, 12)))
  end
end

-- The environment, by the C library's variable. A program that lies at a fixed address has a copy of it,
-- which everybody uses then; without a module's name the program is asked first.
local environ = program:symbol("environ")
print(("%s lies at 0x%x"):format(program:name_of(environ), environ))
local list, home = program:read_ptr(environ), nil
for i = 0, 1000 do
  local text = program:read_ptr(list + i * 8)
  if text == 0 then break end
  home = program:read_string(text, { max = 4096 }):match("^PATH=(.*)") or home
end
print("its PATH: " .. tostring(home))
assert(home == os.getenv("PATH"), "as we gave it")

-- Python's types are variables of its program or of its library; each points to its name at +0x18.
local shown = 0
for _, symbol in ipairs(program:symbols("Py*_Type")) do
  if symbol.kind == "data" and symbol.name:find("^Py%u%l+_Type$") and shown < 8 then
    local name = program:read_string(program:read_ptr(symbol.address + 0x18))
    print(("  %-20s is %s"):format(symbol.name, name))
    shown = shown + 1
  end
end
assert(program:read_string(program:read_ptr(program:symbol("PyLong_Type") + 0x18)) == "int")

-- And back from an address to its name: where each of the first functions of the type `int` begins.
local long = program:symbol("PyLong_Type")
for offset = 0x20, 0x90, 8 do
  local pointer = program:read_ptr(long + offset)
  if pointer ~= 0 and program:try_read_u8(pointer) then
    print(("  int +0x%02x  %s"):format(offset, (program:name_of(pointer))))
  end
end
assert(program:name_of(program:symbol("libc.so.6!malloc") + 5) == "libc.so.6!malloc+0x5")
python.stop(program)
