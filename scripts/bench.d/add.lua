-- Lets a pvm-target change its values, for the rows in which they do.
local function answers(output)
  local count, last = 0, nil
  for line in io.lines(output) do
    if line:find("^added to ") then count, last = count + 1, line end
  end
  return count, last
end

-- Adds to one in `distance` of the values of a target, whose standard streams these are, and returns how
-- many those are.
return function(input, output, addend, distance)
  local before = answers(output)
  local pipe = assert(io.open(input, "a"))
  pipe:write("add ", addend, " ", distance, "\n")
  pipe:close()
  local deadline = pvm.now() + 60
  while answers(output) == before do
    assert(pvm.now() < deadline, "the target does not answer")
    pvm.sleep(0.01)
  end
  local _, line = answers(output)
  return math.tointeger(line:match("%d+$"))
end
