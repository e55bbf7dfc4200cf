-- Find a value again in every run, by code: a signature leads to an instruction, the distance in it to a
-- variable of the program, and a chain of pointers from there to the value.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
if not pvm.features.disassembly then
  print("this pvmlua was built without a disassembler")
  os.exit()
end

-- The author's part, done once, for the version of today. Where the variable lies has been found already,
-- say by a search for pointers; which instruction uses it is looked up in the code.
local author, at = target.start()
if author.arch ~= "x86_64" then
  print("this is about the code of x86_64")
  os.exit()
end

-- The first instruction of the program whose operand is the variable, and whose code stands only once.
local function anchor(process, module, variable)
  for _, segment in ipairs(module.segments) do
    if segment.perms:find("x") then
      local place = segment.start
      while place < segment.stop do
        local code = process:disassemble(place, { bytes = math.min(1 << 16, segment.stop - place) })
        for i = 1, #code do
          local one = code[i]
          if one.memory == variable then
            local signature = process:try_signature(one.address, { min = 12, max = 48 })
            if signature then return one, signature end
          end
        end
        place = place + code.size
      end
    end
  end
  error("no instruction uses the variable")
end

local module = author:module("pvm-target")
local used, signature = anchor(author, module, at.root)
print(("the code that uses it: %s  (%s)"):format(used.text, (author:name_of(used.address))))
print(("its signature:         %s"):format(signature))
local away = at.root - module.base
author:kill("KILL")

-- The player's part: another run, with everything somewhere else in memory.
local game = target.start()
local hits = game:find(signature, { module = "pvm-target", perms = "x" })
assert(#hits == 1, "the signature stands once")
local variable = assert(game:rip_target(hits[1].address))
print(("found at 0x%x, it names 0x%x"):format(hits[1].address, variable))
assert(variable - game:module("pvm-target").base == away, "the same variable")

local health = game:cell(game:addr(("[[[0x%x]+0x10]+0x8]"):format(variable)), "i32")
local before = target.play(game, "hurt 10").health
assert(health.value == before, "it is the health of the game")
health.value = 1000
assert(target.play(game, "hurt 10").health == 990, "and the game takes what we write")
