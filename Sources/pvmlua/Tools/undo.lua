-- pvmlua -m undo [FILE]: put back what a pvmlua that was killed had changed.

local words = {
  restored = "put back", unchanged = "was put back already", changed = "left as it is",
  gone = "nothing to do", failed = "FAILED",
}

local function undo(path)
  print(path)
  local failed = false
  for _, place in ipairs(pvm.undo(path)) do
    local why = place.why and ": " .. place.why or ""
    print(string.format("  %s (%d) 0x%x, %d byte%s: %s%s", place.name, place.pid, place.address,
      place.size, place.size == 1 and "" or "s", words[place.outcome], why))
    failed = failed or place.outcome == "failed" or place.outcome == "changed"
  end
  return failed
end

if arg[1] then
  os.exit(not undo(arg[1]))
end

local journals, failed, count = pvm.journals(), false, 0
for _, journal in ipairs(journals) do
  if journal.running then
    print(string.format("%s belongs to pvmlua %d, which runs and puts its changes back itself",
      journal.path, journal.pid))
  else
    count = count + 1
    failed = undo(journal.path) or failed
  end
end
if count == 0 then print("there is nothing to undo") end
os.exit(not failed)
