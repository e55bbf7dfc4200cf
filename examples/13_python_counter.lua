-- Change a counter in a running Python program, without symbols and without its help.
--
-- Numbers of Python are objects that never change: `count += 1` makes a new one elsewhere and forgets the
-- old one. So there is no address to narrow down to and to hold. But the object of this moment can be found
-- by its shape, and Python believes what stands in it:
--
--   +0x00 reference count   +0x08 its type   +0x10 number of digits   +0x18 digits of 30 bits, u32 each
--
-- So it is in CPython 3.8 to 3.14 on 64-bit machines, in the usual build with a global lock. Leave numbers
-- from -5 to 256 alone: each of them exists once, and every 7 in the program would become an 8.
local here = arg[0]:match("^(.*/)") or "./"
local python = dofile(here .. "support/python.lua")

local program = python.start [[
import sys
count = 7_000_000_000
print("ready")
for line in sys.stdin:
    count += 1
    print(count)
]]

-- The two digits of a number from 2^30 to 2^60, as one u64.
local function digits(n) return n >> 30 << 32 | n & (1 << 30) - 1 end

-- Whether these digits belong to a number in use. What Python has freed still looks much the same, but its
-- reference count is overwritten. A type is an object too, and at +0x18 it points to its name.
local function is_number(object)
  local references = program:read_i64(object)
  if references < 1 or references > 1000 then return false end
  local name = program:try_addr(("[[0x%x+0x08]+0x18]"):format(object))
  return name ~= nil and program:try_read_string(name) == "int"
end

local function find_number(n)
  local hits = program:scan("u64", digits(n))
  local found = hits:filter(function(_, addresses)
    local keep = {}
    for i, address in ipairs(addresses) do keep[i] = is_number(address - 0x18) end
    return keep
  end)
  print(("    places that hold its digits: %d; that are a number in use: %d"):format(#hits, #found))
  assert(#found == 1, "it is known which one")
  return found[1]
end

-- Each step makes a new object.
for _ = 1, 3 do
  local shown = math.tointeger(python.ask(program, "count"))
  print(("    this time at 0x%x"):format(find_number(shown).address))
end

-- So the one of now is found and changed before the next step.
local shown = math.tointeger(python.ask(program, "count"))
find_number(shown).value = digits(42000000000)
assert(python.ask(program, "count") == "42000000001", "the program goes on from there")
python.stop(program)
