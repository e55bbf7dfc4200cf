-- prompt.lua PVMLUA: nanoseconds from starting a prompt on a terminal to its first sign.
local environment = {
  TERM = "xterm-256color", HOME = os.getenv("HOME"), PATH = os.getenv("PATH"), INPUTRC = "/dev/null",
  XDG_STATE_HOME = arg[2],
}
local start = pvm.now()
local child = pvm.spawn({arg[1]}, {terminal = true, env = environment})
local shown = ""
repeat shown = shown .. assert(child:receive(5)) until shown:find("pvm> ", 1, true)
print((pvm.now() - start) * 1e9)
child:send("\4")
child:wait_exit(5)
