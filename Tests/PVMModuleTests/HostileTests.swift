import LuaHost
import PVMModule
import Testing

extension ModuleTests {
  @Suite("hostile arguments")
  struct HostileTests {
    /// Values of every wrong kind. `nothing` stands for nil.
    static let values = #"""
      nothing = {}
      local loop = {1} loop[2], loop.loop = loop, loop
      local bush = {1}
      for _ = 1, 7 do bush = {bush, bush} end
      local closed = pvm.attach(game.pid) closed:close()
      local tricky = setmetatable({}, {
        __index = function() error("index") end, __len = function() error("len") end,
        __pairs = function() error("pairs") end, __tostring = function() error("tostring") end,
        __call = function() error("call") end, __close = function() error("close") end })
      hostile = {
        nothing, true, false, 0, -1, 0.01, 1 << 62, math.mininteger, math.maxinteger, 2.0^62,
          2.0^63, -2.0^63, 1e308,
        0/0, 1/0, -1/0, "", "\0", "x", "\xff\xfe", "0x0", "1e999", string.rep("[", 10000),
          string.rep("x", 1 << 16),
        "%s%n", {}, {{}}, {1, 2, 3}, {"a", "b"}, {[1.5]=1}, {[true]=true}, {x=1}, {partial=5},
          {size=-1}, {name={}}, {1, nil, 3},
        {{1 << 62, "u8"}}, {{-1, "u64", 1 << 16}}, {a={1 << 62, "u8"}},
          {a={0, {b={0, "u8"}}, 1 << 14}}, {[math.maxinteger]=1},
        {{1, 2}, {3, 4}}, {{-1, 1 << 62}}, {print}, loop, bush, tricky, print,
          function() error("called") end, coroutine.create(print),
        coroutine.running(), io.stdout, closed, pvm.attach(game.pid), game:regions(),
          game:regions()[1], pvm.buffer(8), pvm,
      }
      good = {
        which=game.pid, timeout=0, command={"/no/such/program"}, seconds=0, size=16, type="u32",
          bits=64, bytes="abc",
        address=scratch, topic="attach", pid=game.pid, signal="CONT", fn=function()
        end, expression="heap", ["..."]=0,
        base=root, chains={{root, 0}}, format="<i4", layout={a={0, "u8"}}, count=1, values={},
          text="x", offset=0,
        buffer=pvm.buffer(16), name="libc", items={{gold, "i32"}}, value=1, local_sizes={4},
          remote={{scratch, 4}},
        local_bytes={"abcd"}, to=scratch, from=scratch, pattern=0, with="abc", options=nothing,
        first=1, last=2, low=0, high=1, how="changed", distance=8, seed=1, page=1, n=1, number=1,
        gap=0, columns=8, rows=1, tolerance=0, color=false, live=game,
        patterns={"90"}, accepts=function() return {} end, path="/dev/null", bytes=4,
        places={{game, gold, "i32"}}, where={gold, 4}, behaviour="counter",
        algorithm="xxh64", module="pvm-target", limit=0,
        addresses={scratch}, field="a", fields={{"a", "u8"}}, link="next", links={"next"}, sure=0,
        process=game,
      }
      local shape = pvm.struct("shape", {{"a", "u8"}, {"next", "shape*"}, {"pos", "f32", 3}})
      local before = game:snapshot{range={scratch, scratch + 4096}}
      game:write_i32(scratch, 12345)
      local diff = before:diff(game, {type="i32"})
      assert(#diff >= 1)
      -- The same names mean something else there.
      local own = {
        ["pvm.process.scan"]={type="i32", value=1, options={kind="heap"}},
        ["pvm.process.find"]={pattern="90", options={kind="heap"}},
        ["pvm.process.find_all"]={patterns={"90"}, options={kind="heap"}},
        ["pvm.process.find_string"]={text="x", options={kind="heap"}},
        ["pvm.process.find_struct"]={fields={size=8, [0]={"i32", 1}}, options={kind="heap"}},
        ["pvm.process.find_group"]={values={{"i32", 100}, {"i32", 250}}, options={kind="heap"}},
        ["pvm.process.find_regex"]={expression="x+", options={kind="heap"}},
        ["pvm.cdef"]={text="struct s { int a; };"}, ["pvm.process.view"]={type=shape},
        ["pvm.process.views"]={type=shape}, ["pvm.type.offset_of"]={field="next"},
        ["pvm.every"]={seconds=0.01}, ["pvm.process.hash"]={where=scratch},
        ["pvm.process.references"]={options={kind="heap"}},
        ["pvm.hits.grouped"]={values={{"i32", 100}, {"i32", 250}}},
        ["pvm.hits.compare"]={with="first"}, ["pvm.hits.union"]={other=nothing},
        ["pvm.hits.only"]={type="i32"}, ["pvm.hits.label"]={from=1},
        ["pvm.hits.limit"]={from=1},
        ["pvm.process.diff"]={with=game, options={range={scratch, scratch + 4096}}},
        ["pvm.process.restore"]={to=diff}, ["pvm.process.apply"]={changes=diff},
      }
      function good_value(owner, name, parameter)
        if parameter == "other" then return owner == "pvm.diff" and diff or hits end
        local mine = own[owner .. "." .. name]
        if mine and mine[parameter] ~= nil then return mine[parameter] end
        return good[parameter]
      end
      hits = game:scan("i32", game:read_i32(scratch), {range={scratch, scratch + 4096}})
      -- No file of these names is to be made.
      writes_files = { ["pvm.hits.json"]=true, ["pvm.hits.csv"]=true, ["pvm.hits.save"]=true,
        ["pvm.process.dump"]=true, ["pvm.process.save"]=true, ["pvm.diff.json"]=true }
      local plan = game:scatter{ {gold, "i32"}, libc={gold, "i32"} }
      held = game:cell(scratch + 16, "i32"):freeze(1)
      watcher = game:watch{ {gold, "i32"}, libc={gold, "i32"} }
      local function step(p) game:write_u8(scratch + 8, p.samples) return p.samples < 3 end
      track = game:track({scratch, 16}, 60, {type="u8", every=0, progress=step})
      receivers = {
        ["pvm.process"]=function() return game end, ["pvm.regions"]=function() return game:regions()
        end,
        ["pvm.region"]=function() return game:regions()[1] end, ["pvm.plan"]=function()
        return plan end,
        ["pvm.values"]=function() return plan:read() end, ["pvm.cell"]=function()
        return game:cell(gold, "i32") end,
        ["pvm.buffer"]=function() return pvm.buffer(16) end,
        ["pvm.timer"]=function() return pvm.after(0, type) end,
        ["pvm.pause"]=function() return game:pause() end,
        ["pvm.freeze"]=function() return held end,
        ["pvm.patch"]=function() return game:patch{at=gold, bytes="00"} end,
        ["pvm.hits"]=function() return hits end,
        ["pvm.diff"]=function() return diff end,
        ["pvm.labels"]=function() return hits:limit(0):label() end,
        ["pvm.track"]=function() return track end, ["pvm.tracked"]=function() return track[1] end,
        ["pvm.watcher"]=function() return watcher end, ["pvm.moment"]=function()
        return watcher.old end,
        ["pvm.modified"]=function() return game:modified("pvm-target") end,
        ["pvm.type"]=function() return shape end,
        ["pvm.view"]=function() return game:view(scratch + 64, shape) end,
        ["pvm.path"]=function() return pvm.path("heap") end,
        ["pvm.guess"]=function() return game:guess(scratch, 32) end,
      }
      -- Waits for ever without a time limit, as it should.
      blocking = { ["pvm.process.wait_exit"]={timeout=true}, ["pvm.wait"]={timeout=true} }
      calls, raised = 0, 0
      timers = debug.getmetatable(pvm.after(0, type))
      function attempt(f, arguments, count)
        for i = 1, count do if arguments[i] == nothing then arguments[i] = nil end end
        calls = calls + 1
        local ok, err = pcall(f, table.unpack(arguments, 1, count))
        -- What is left for pvm.run would keep it from ending.
        if ok and debug.getmetatable(err) == timers then err:cancel() end
        if ok then return end
        raised = raised + 1
        local text = tostring(err)
        assert(type(text) == "string" and #text > 0)
        -- the object, or Lua's own wording
        assert(type(err) == "string" or type(err) == "table" and (err.code or true))
      end
      """#

    /// Calls a function with each hostile value in each place, and in all of them.
    static let sweep = #"""
      function sweep(owner, name, parameters)
        local make = receivers[owner]
        if name == "close" and owner == "pvm.process" then make = function() return pvm.attach(game.pid) end end
        local limits = blocking[owner .. "." .. name] or {}
        local function call(twin, first, arguments, count)
          if owner == "pvm" then return attempt(pvm[twin .. name], arguments, count) end
          table.insert(arguments, 1, first)
          local holder = make()
          local ok, f = pcall(function() return holder[twin .. name] end)
          if ok and f then attempt(f, arguments, count + 1) end
        end
        local function arguments(place, value)
          local list = {}
          for i, parameter in ipairs(parameters) do
            list[i] = good_value(owner, name, parameter)
            assert(list[i] ~= nil, "no good value for " .. owner .. "." .. name .. " " .. parameter)
            if i == place or place == "all" then
              if not (limits[parameter] and value == nothing) then list[i] = value end
            end
          end
          return list
        end
        local count = #parameters
        -- What takes nothing looks at nothing.
        local values = count > 0 and hostile or {true, "x", {}}
        for i, value in ipairs(make and hostile or values) do
          if writes_files[owner .. "." .. name] and type(value) ~= "table" then value = {} end
          for place = 1, count do call("", make and make(), arguments(place, value), count) end
          call("", make and make(), arguments("all", value), count)
          if make then call("", value, arguments(), count) end
          if i % 8 == 0 then
            local extra = arguments()
            extra[count + 1] = value
            call("", make and make(), extra, count + 1)
          end
        end
        call("try_", make and make(), arguments(), count)
        if count > 0 and not next(limits) then call("", make and make(), {}, 0) end
        if owner == "pvm.patch" then for _, p in ipairs(game:patches()) do pcall(p.disable, p) end end
      end
      """#

    /// What has functions: the module and its classes.
    static let owners = Declared.functions.map(\.owner).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }

    /// One state and one target serve all functions of an owner, as they serve a script.
    @Test("raise or are taken, and never end the host", arguments: owners)
    func survives(_ owner: String) throws {
      let game = try Game(memoryLimit: 512 << 20)
      game.check(Self.values)
      game.check(Self.sweep)
      for declared in Declared.functions where declared.owner == owner {
        let name = declared.declaration.name
        let names = declared.declaration.parameters.map { "\"\($0.name)\"" }
        game.check(
          """
          calls = 0
          local ok, err = pcall(sweep, "\(owner)", "\(name)", {\(names.joined(separator: ", "))})
          if not ok then error("\(owner).\(name): " .. tostring(err), 0) end
          collectgarbage()
          assert(calls > 0)
          equal(pvm.attach(game.pid):read_i32(health), 100, "health after \(owner).\(name)")
          """)
      }
    }

    @Test("fields, items and metamethods")
    func members() throws {
      let game = try Game()
      game.check(Self.values)
      game.check(
        #"""
        for _, make in pairs(receivers) do
          for _, value in ipairs(hostile) do
            local object = make()
            if value ~= nothing then pcall(function() return object[value] end) end
            pcall(function() object[value] = 1 end) pcall(function() object.value = value end)
            pcall(function() object.nonsense = value end)
            for _, name in ipairs{"__len", "__tostring", "__pairs", "__index", "__newindex", "__gc",
              "__close", "__eq"} do
              local meta = debug.getmetatable(object)
              if meta[name] and name ~= "__gc" and name ~= "__close" then
                pcall(meta[name], value) pcall(meta[name], value, value, value) pcall(meta[name],
                  object, value)
              end
              if meta[name] then pcall(meta[name], value ~= nothing and value or nil) end
            end
            pcall(function() return object == value, #object, tostring(object), object .. "" end)
          end
        end
        for _, v in ipairs{"value", "type",
          "address"} do pcall(function() return game:cell(gold, "i32")[v] end) end
        """#)
      game.check("equal(pvm.attach(\(game.target.id)):read_i32(gold) ~= nil, true)")
    }

    @Test("a table that unfolds without end")
    func bush() throws {
      let game = try Game(memoryLimit: 512 << 20)
      game.check(
        """
        local bush = {1}
        for _ = 1, 60 do bush = {bush, bush} end
        for _, call in ipairs{
          function() game:scatter(bush) end, function()
          game:write_struct(scratch, {a={0, "u8"}}, bush) end,
        } do refused("too many entries", call) end
        """)
    }
  }
}
