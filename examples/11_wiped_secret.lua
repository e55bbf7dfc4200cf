-- Does a service of yours leave a secret in memory after it should have wiped it? Give it one that nobody
-- else knows, let it work, let it wipe, and look.
local here = arg[0]:match("^(.*/)") or "./"
local python = dofile(here .. "support/python.lua")

-- The service: it reads a password, checks it, wipes the buffer it kept it in, and believes all is well.
local service = python.start [[
import hashlib, json, sys
kept = bytearray()
log = []
print("ready")
for line in sys.stdin:
    command, _, argument = line.rstrip("\n").partition(" ")
    if command == "login":
        kept += argument.encode()
        digest = hashlib.sha256(bytes(kept)).hexdigest()
        log.append(json.dumps({"user": "ada", "password": argument}))
        wide = argument.encode("utf-16-le")
        print("welcome", digest[:8])
    elif command == "wipe":
        for i in range(len(kept)):
            kept[i] = 0
        print("wiped")
]]

-- A test secret, made here and now, so that no library holds it by chance.
local letters = {}
for i = 1, 20 do letters[i] = string.char(math.random(0x61, 0x7a)) end
local secret = table.concat(letters)

-- Everything that can be read, not only what can be written; the common ways to keep text.
local function copies(text)
  return service:find_string(text, { encoding = { "utf8", "utf16le", "utf32le" }, perms = "r" })
end

assert(#copies(secret) == 0, "nobody has it yet")
assert(python.ask(service, "login " .. secret):match("^welcome"))
local held = copies(secret)
print(("%d copies while it is in use"):format(#held))

assert(python.ask(service, "wipe") == "wiped")
local left = held:unchanged()
print(("%d of them are wiped, %d are left:"):format(#held - #left, #left))
for i = 1, #left do
  -- What stands before a copy often says whose it is.
  local place, region = left[i].address, left[i].region
  local before = service:read(place - 14, 14):gsub("[^\32-\126]", ".")
  print(("  0x%x %-7s behind '%s' in %s"):format(place, left[i].type, before, region))
end

-- Copies that were made since count too: memory moves while a program runs.
local now = copies(secret)
print(("%d copies in all: %s"):format(#now, #now == 0 and "well done" or "this service leaks its secret"))
assert(#held > #left, "what the service wiped is gone")
assert(#now > 0, "and the copies that it forgot are found")
python.stop(service)
