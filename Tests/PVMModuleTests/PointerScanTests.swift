import Foundation
import LuaHost
import RemoteMemory
import Testing

/// A 32-bit program with a chain of three pointers from a static to a number, made on the spot.
private enum NarrowChain {
  private static let source = """
    #include <stdio.h>
    #include <stdlib.h>
    struct node { int before[5]; struct node *next; int values[8]; };
    static struct node *root;
    int main(void) {
      struct node **place = &root;
      for (int i = 0; i < 3; i++, place = &(*place)->next) *place = calloc(1, sizeof **place);
      printf("0x%lx\\n", (long)&root->next->next->before[3]);
      fflush(stdout);
      return getchar() == 0;
    }
    """

  /// Its path; nil where gcc makes no such programs.
  static let path: String? = {
    let folder = scratchFolder + "/pvm-chain-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? source.write(toFile: folder + "/chain.c", atomically: true, encoding: .utf8)
    var request = SpawnRequest(["gcc", "-m32", "-o", folder + "/chain", folder + "/chain.c"])
    request.error = .null
    let status = try? SpawnedProcess.spawn(request).waitForExit(seconds: 60)
    guard status == .exited(code: 0) else {
      try? FileManager.default.removeItem(atPath: folder)
      return nil
    }
    return folder + "/chain"
  }()
}

extension ModuleTests {
  @Suite("searches for pointer paths")
  struct PointerScanTests {
    /// The paths to the health, and the one that the game itself takes.
    private static let paths = #"""
      paths = game:pointers_to(health, {depth=4, max_offset=256})
      own = ("[[[pvm-target+0x%x]+0x10]+0x8]"):format(root - module)
      function has(paths, wanted)
        for i = 1, #paths do
          if paths[i].expression == wanted then return true end
        end
        return false
      end
      """#

    @Test("gives paths that lead there")
    func paths() throws {
      let game = try Game()
      game.check(Self.paths)
      game.check(
        #"""
        assert(has(paths, own), own)
        equal(paths.complete, true) equal(paths.limited, false) equal(paths.target, health)
        assert(paths.stats.pointers > 0 and paths.stats.bytes_read > 0)
        for i, path in ipairs(paths) do
          equal(game:addr(path.expression), health)
          equal(path:resolve(game), health)
          equal(tostring(path), path.expression)
          equal(#path, #path.offsets)
          local chain = {path.root, table.unpack(path.offsets)}
          equal(game:resolve(table.unpack(chain)), health)
          if path.base ~= "" then equal(game:addr(path.base) + path.offset, path.root) end
        end
        equal(paths[0], nil) equal(paths[#paths + 1], nil)
        assert(paths[1] == paths[1] and (#paths == 1 or paths[1] ~= paths[2]))
        assert(tostring(paths):find(("%d pointer path"):format(#paths), 1, true))
        assert(paths:page(1, 1):find("+0x", 1, true))
        assert(paths:page(1 << 40, 10000))
        """#)
    }

    @Test("takes its options, and refuses what makes no sense")
    func options() throws {
      let game = try Game()
      game.check(Self.paths)
      game.check(
        #"""
        local function search(options) return game:pointers_to(health, options) end
        local one = search{depth=4, max_offset=256, limit=1}
        equal(#one, 1) equal(one.limited, #paths > 1) equal(one.complete, #paths == 1)
        if one.limited then assert(tostring(one):find("limit reached", 1, true)) end
        assert(has(search{depth=3, max_offset=16, base="pvm-target"}, own))
        assert(has(search{depth=3, max_offset=16, end_with={8, 0}}, own))
        equal(#search{depth=3, max_offset=16, end_with={4}}, 0)
        assert(has(search{depth=3, max_offset=16, negative=true, threads=1}, own))
        assert(has(search{depth=3, max_offset=16, negative=8, aligned=4, memory=1 << 20}, own))
        assert(#search{depth=2, max_offset=0x100, base="heap"} > 0)
        assert(#search{depth=1, max_offset=0x10, base=game:region(session)} > 0)
        assert(has(search{depth=3, max_offset=16, base={root, root + 8}}, own))
        equal(#search{depth=3, max_offset=16, base={root + 8, root + 16}}, 0)
        assert(#search{depth=3, max_offset=16, through_static=true} >= 1)
        equal(#search{depth=2, max_offset=0, end_with={}}, #search{depth=2, max_offset=0})
        local looks = 0
        search{progress=function(p) looks = looks + 1 equal(math.type(p.hits), "integer") end}
        refused("did you mean 'max_offset'", search, {maxoffset=3})
        refused("depth must be at least 1", search, {depth=0})
        refused("max_offset must be at most", search, {max_offset=1 << 30})
        refused("power of two", search, {aligned=3})
        refused("list of offsets", search, {end_with={x=1}})
        refused("whole numbers", search, {end_with={1.5}})
        refused("{first, behind}", search, {base={1}})
        refused("name", search, {base=true})
        fails("ENOENT", search, {base="nothing"})
        fails("EINVAL", search, {depth=1, end_with={1, 2}})
        fails("EINVAL", game.pointers_to, game, 0x10)
        local none = game:pointers_to(0x123456789000, {max_offset=0})
        equal(#none, 0) equal(none.complete, true) equal(none[1], nil)
        assert(tostring(none):find("0 pointer paths", 1, true))
        """#)
    }

    @Test("reads all pointers once, and keeps them in files")
    func map() throws {
      let game = try Game()
      game.check(Self.paths)
      game.check(
        #"""
        local file = os.tmpname()
        local map = game:pointer_map{max_offset=256}
        assert(#map > 0 and map.complete and map.max_offset >= 256)
        assert(tostring(map):find("pointers in process", 1, true))
        assert(has(map:pointers_to(health, {depth=4, max_offset=256}), own))
        assert(#map:pointers_to(gold, {depth=3, max_offset=16, threads=1}) > 0)
        local err = fails("EINVAL", map.pointers_to, map, health, {max_offset=1 << 20})
        assert(tostring(err):find("max_offset=1048576", 1, true), tostring(err))
        map:save(file)
        local again = pvm.load_pointer_map(file)
        equal(#again, #map)
        local found = again:pointers_to(health, {depth=4, max_offset=256})
        assert(has(found, own))
        fails("EINVAL", pvm.load_paths, file)
        found:save(file)
        local loaded = pvm.load_paths(file)
        equal(#loaded, #found) equal(loaded[1], found[1]) equal(loaded.target, health)
        equal(#loaded:intersect(found), #found)
        equal(#loaded:rescan(game, health), #found)
        equal(#loaded:rescan(game, 0x10), 0)
        equal(#loaded:rescan(game:snapshot(), health), #found)
        fails("EINVAL", pvm.load_pointer_map, file)
        equal(loaded:json(file), #loaded)
        local lines = 0
        for line in io.lines(file) do
          lines = lines + 1
          assert(line:find('^{"path":"%[+', 1) and line:find('"offsets":[', 1, true), line)
        end
        equal(lines, #loaded)
        os.remove(file)
        fails("ENOENT", pvm.load_paths, file)
        """#)
    }

    @Test(
      "knows the pointers of a 32-bit program",
      .enabled(if: NarrowChain.path != nil, "gcc -m32 makes no programs here"))
    func narrow() throws {
      let path = try #require(NarrowChain.path)
      defer {
        try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
      }
      let state = try Game.state()
      let outcome = state.run(
        .text(
          #"""
          local function start()
            local child = pvm.spawn({"\#(path)"}, {stdin="pipe", stdout="pipe"})
            return child, math.tointeger(child:receive_line(20))
          end
          local one, target = start()
          equal(one.bits, 32)
          local paths = one:pointers_to(target, {depth=3, max_offset=64})
          assert(#paths >= 1)
          local two, there = start()
          local kept = paths:rescan(two, there)
          assert(#kept >= 1)
          local best = kept[1]
          equal(two:addr(best.expression), there)
          equal(best.offsets[#best.offsets], 12)
          """#, name: "=narrow"))
      if outcome != .completed { Issue.record("\(outcome.text)") }
      state.close()
    }
  }
}
