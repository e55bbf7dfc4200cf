-- A score that is kept hidden: in memory stands not the score but score ~ key (exclusive or), so that a
-- search for the shown number finds nothing. The key is found out, and then the search is as easy as any.
local here = arg[0]:match("^(.*/)") or "./"
local target = dofile(here .. "support/target.lua")
local game = target.start()

target.ask(game, "tick 3")
local before = target.play(game, "score").score
local no_stack = { "stack" } -- where passing copies lie
local plain = game:scan("u32", before, { exclude = no_stack })
local all = game:scan("u32", { unknown = true, exclude = no_stack })

target.ask(game, "tick 4")
local score = target.play(game, "score").score
plain = plain:next(score)
print(("places that held %d and now %d: %d"):format(before, score, #plain))

-- If a place holds score ~ key, then what it held ~ what was shown is the key, before and after. Try that on
-- all that changed. (A copy of the plain score would have the key 0.)
local changed, keys = all:changed(), {}
print(("%d of %d values changed"):format(#changed, #all))
for i = 1, #changed do
  local key = changed[i].old ~ score
  if key ~= 0 and key == changed[i].first ~ before then keys[#keys + 1] = key end
end

-- Let the score go on, and see which key still opens it. `xor` is all that the search needs to know.
local hidden
for _, key in ipairs(keys) do
  local hits = game:scan("u32", score, { xor = key, exclude = no_stack })
  target.ask(game, "tick 5")
  score = target.play(game, "score").score
  hits = hits:next(score)
  print(("key 0x%08x: %d left"):format(key, #hits))
  if #hits == 1 then hidden = hits[1] end
end
assert(hidden, "one key opens the score")

-- The value of such a hit is the score itself; assigning stores it hidden.
print(("the score is %d; in memory stands 0x%08x"):format(hidden.value, game:read_u32(hidden.address)))
hidden.value = 1000000
assert(target.play(game, "score").score == 1000000)
