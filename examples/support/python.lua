-- Starts Python programs for the examples, which nobody here wrote: Python's own interpreter.
local python = {}

-- The interpreter itself. `python3` on PATH may be a script that picks one and replaces itself with it,
-- and pvmlua does not follow a process into another program.
local function interpreter()
  local asked = pvm.spawn({ "python3", "-c", "import sys; print(sys.executable)" }, { stdout = "pipe" })
  local path = asked:receive_line(20)
  asked:wait_exit(5)
  return assert(path, "no python3 here (Debian: apt install python3)")
end

-- Runs a Python program that says "ready" when it is, and then answers each line it is sent by a line.
function python.start(program)
  local process = pvm.spawn({ interpreter(), "-u", "-c", program },
    { stdin = "pipe", stdout = "pipe", die_with_us = true })
  assert(process:receive_line(20) == "ready", "the program did not start")
  return process
end

-- Sends the program a line, shows it with the answer, and returns the answer.
function python.ask(process, line)
  process:send(line .. "\n")
  local answer = process:receive_line(5)
  print(("  > %-10s %s"):format(line, answer))
  return answer
end

-- Ends the program: it reads the end of its input.
function python.stop(process)
  process:close_input()
  if not process:wait_exit(5) then process:kill("KILL") end
end

return python
