-- A trainer for a game that was not made to be practised on: 2048 as Debian packages it (apt install 2048), without
-- symbols. It runs in a terminal of its own, and what its screen shows is what its memory must hold.
local game = pvm.spawn({ "/usr/games/2048" }, { terminal = true, env = { TERM = "xterm" }, die_with_us = true })

-- Reads the screen once it was drawn so many times: sixteen tiles, by rows, and the score. Nil: it was not.
local function screen(count)
  local shown, drawn = ""
  repeat
    local bytes = assert(game:receive(count == 1 and 10 or 1), "the game has ended")
    shown = shown .. bytes
    drawn = select(2, shown:gsub("or q", ""))
  until drawn == count or #bytes == 0
  if drawn < count then return end
  -- The last drawing, without its colours. A row of tiles has four words; a dot is an empty place.
  local last = shown:match("^.*\27%[H(.*)or q"):gsub("\27%[[%d;?]*%a", "")
  local tiles = {}
  for row in last:gmatch("[^\r\n]+") do
    local words = {}
    for word in row:gmatch("%S+") do words[#words + 1] = word == "·" and 0 or math.tointeger(word) end
    if #words == 4 then table.move(words, 1, 4, #tiles + 1, tiles) end
  end
  assert(#tiles == 16, last)
  return tiles, math.tointeger(last:match("(%d+) pts"))
end

-- A key slides all tiles, and equal ones become one. It is drawn twice: then, and with a new tile. Where nothing can
-- slide nothing is drawn.
local tiles, score = screen(1)
local function press(key)
  game:send(key)
  local new_tiles, new_score = screen(2)
  if new_tiles then tiles, score = new_tiles, new_score end
end

local function show()
  print(("    score %d"):format(score))
  for row = 0, 3 do print("    " .. ("%6d"):rep(4):format(table.unpack(tiles, row * 4 + 1, row * 4 + 4))) end
end

-- The score: each time it changes there are fewer numbers that changed with it.
local keys = { "w", "a", "s", "d" }
local hits
for turn = 1, 100 do
  local before = score
  press(keys[turn % 4 + 1])
  if score ~= before then
    hits = hits and hits:next(score) or game:scan("u32", score, { perms = "rw" })
    print(("score %d: %d places"):format(score, #hits))
    if #hits == 1 and score >= 16 then break end
  end
end
assert(#hits == 1, "one place is left")
print("the score is at " .. game:name_of(hits[1].address))

-- The board: who writes 1, 2, 3 instead of 2, 4, 8 needs one byte a tile. By rows or by columns? One of them is there.
local function power(tile) return tile == 0 and 0 or math.tointeger(math.log(tile, 2)) end
local board, across
for _, way in ipairs { { across = 1, down = 4 }, { across = 4, down = 1 } } do
  local bytes = {}
  for row = 0, 3 do
    for column = 0, 3 do
      bytes[column * way.across + row * way.down + 1] = ("%02x"):format(power(tiles[row * 4 + column + 1]))
    end
  end
  local found = game:find(table.concat(bytes, " "), { perms = "rw" })
  if #found == 1 then board, across = found[1].address, way.across end
end
print(("the board is at %s, tiles of a row %d bytes apart"):format(game:name_of(board), across))
show()

-- No score below a million any more, however the game counts; and two tiles from which 2048 is one key away.
local million <close> = game:cell(hits[1].address, "u32"):freeze(1000000, { mode = "min" })
game:write(board, ("\0"):rep(16))
game:write_u8(board, 10)
game:write_u8(board + across, 10)
press("a")
show()
assert(tiles[1] == 2048 and score == 1002048)
print("won, with " .. million.report.writes .. " write to the score")

game:kill()
game:wait_exit(5)
