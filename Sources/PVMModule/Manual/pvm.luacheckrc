-- Use: luacheck --config pvm.luacheckrc --std lua54+pvm script.lua
stds.pvm = {
  read_globals = {
    pvm = {
      fields = {
          attach = {},
          try_attach = {},
          wait = {},
          try_wait = {},
          spawn = {},
          try_spawn = {},
          ps = {},
          try_ps = {},
          open = {},
          try_open = {},
          sleep = {},
          poll = {},
          now = {},
          watch = {},
          try_watch = {},
          buffer = {},
          try_buffer = {},
          sizeof = {},
          hexdump = {},
          help = {},
          manual = {},
          diagnose = {},
          try_diagnose = {},
          target_path = {},
          version = {},
          _VERSION = {},
          features = { fields = {
            regex = {},
          } },
      },
    },
  },
}
