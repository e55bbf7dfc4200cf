-- Linked lists and trees in a running game: each struct is read once, a tree level by level, and a list that leads in a
-- circle or nowhere says so instead of hanging.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game, at = target.start("--layout", "quest-tree=6")

local C = pvm.cdef[[
  struct item { struct item *next; int count, unused; char name[16]; };
  struct quest { struct quest *child[2]; int key, done; char title[24]; };
]]

local first = game:view(game:read_ptr(at.inventory), C.item)
local items = first:list("next")
for i, item in ipairs(items) do print(("%d. %-8s x %d"):format(i, item.name, item.count)) end
assert(#items == 5 and items[1].name == "sword")

-- Twice as many of everything; the game itself says what it has.
for _, item in ipairs(items) do item.count = item.count * 2 end
local said = target.ask(game, "items")
print("  > items", said)
assert(said:find("potion 10", 1, true))

local calls = game.stats.calls
local quests, broken, levels = game:view(game:read_ptr(at.quest_root), C.quest):tree{ "child" }
print(("%d quests on %d levels, in %d system calls"):format(#quests, #levels, game.stats.calls - calls))
assert(#quests == 63 and #levels == 6 and not broken)
table.sort(quests, function(a, b) return a.key < b.key end)
local open = {}
for _, quest in ipairs(quests) do
  if quest.done == 0 and #open < 5 then open[#open + 1] = quest.title end
end
print("still to be done:", table.concat(open, ", ") .. ", ...")
assert(open[1] == "quest-1" and open[3] == "quest-4")

-- Now the list is damaged: its end leads back into the middle, then into nothing.
items[5].next = items[3]
local _, circle = first:list("next")
print(circle.message)
assert(circle.code == "ELOOP")
items[5].next = 0x10
local found, nowhere = first:list("next")
print(("%d items, then: %s"):format(#found, nowhere.message))
assert(#found == 5 and nowhere.code == "EFAULT")
