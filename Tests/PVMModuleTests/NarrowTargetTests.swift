import Foundation
import LuaHost
import MemoryModel
import RemoteMemory
import Testing

/// A 32-bit program, made on the spot.
enum NarrowProgram {
  private static let source = """
    #include <stdio.h>
    #include <stdint.h>
    struct node { struct node *next; int value; } second = {0, 42}, first = {&second, 41};
    struct node *root = &first;
    char name[] = "narrow";
    struct mixed { char a; void *p; short s; } mixed = {1, &second, 3};
    int main(void) {
      printf("local first, second, root = 0x%lx, 0x%lx, 0x%lx\\n", (long)&first, (long)&second,
        (long)&root);
      printf("local name, mixed = 0x%lx, 0x%lx\\n", (long)name, (long)&mixed);
      fflush(stdout);
      return getchar() == 0;
    }
    """

  /// Its path; nil where gcc makes no such programs.
  static let path: String? = {
    let folder = scratchFolder + "/pvm-narrow-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? source.write(toFile: folder + "/narrow.c", atomically: true, encoding: .utf8)
    var request = SpawnRequest(["gcc", "-m32", "-o", folder + "/narrow", folder + "/narrow.c"])
    request.error = .null
    let status = try? SpawnedProcess.spawn(request).waitForExit(seconds: 60)
    guard status == .exited(code: 0) else {
      try? FileManager.default.removeItem(atPath: folder)
      return nil
    }
    return folder + "/narrow"
  }()
}

extension ModuleTests {
  @Suite("a 32-bit process")
  struct NarrowTargetTests {
    @Test(
      "has pointers of 4 bytes",
      .enabled(if: NarrowProgram.path != nil, "gcc -m32 makes no programs here"))
    func pointers() throws {
      let path = try #require(NarrowProgram.path)
      defer {
        try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
      }
      let state = try Game.state()
      let outcome = state.run(
        .text(
          #"""
          local child = pvm.spawn({"\#(path)"}, {stdin="pipe", stdout="pipe"})
          local one, two = child:receive_line(20), child:receive_line(20)
          local first, second, root, name, mixed =
            load(one .. "\n" .. two .. "\nreturn first, second, root, name, mixed")()
          equal(child.bits, 32) equal(child.arch, "i386")
          equal(child:read_ptr(root), first) equal(child:read_ptr(first), second)
          equal(child:resolve(root, 0, 4), second + 4)
          equal(child:read_i32(child:resolve(root, 0, 4)), 42)
          equal(child:resolve_all{ {root, 4}, {root, 0, 0, 0, 0} }, {first + 4, false})
          equal(child:addr(string.format("[[0x%x]]+4", root)), second + 4)
          equal(child:read_array(first, "ptr", 1), {second})
          equal(child:read_struct(mixed, { {"a", "u8"}, {"p", "ptr"}, {"s", "i16"} }),
            {a=1, p=second, s=3})
          equal(child:scatter{ p={root, "ptr"} }:read().p, first)
          equal(child:read_string(name), "narrow")
          local buffer = pvm.buffer(8)
          child:read_into(buffer, first)
          equal(buffer:get(0, "ptr"), second) equal(buffer:get(4, "i32"), 41)
          equal(child:cell(root, "ptr").value, first)
          child:write_ptr(root, second) equal(child:read_ptr(root), second)
          equal(child:read_i32(name), string.unpack("<i4", "narr"))
          fails("ERANGE", child.write_ptr, child, root, 1 << 32)
          equal(child:read_ptr(root), second)
          if pvm.features.disassembly then
            local text = "inc eax; mov eax, [it]; ret"
            child:write(mixed, child:assemble(mixed, text, {symbols={it=second}}))
            local code = child:disassemble(mixed, 3)
            equal(code.size, 7) equal(code[1].text, "inc eax")
            equal(code[2].memory, second) equal(code[3].flow, "return")
            equal(child:rip_target(mixed + 1), second)
            equal(child:signature(mixed, {min=7}), "40 a1 ?? ?? ?? ?? c3")
          end
          equal(pvm.sizeof("ptr", 32), 4) equal(pvm.sizeof("ptr"), 8)
          child:close_input()
          equal(child:wait_exit(20).code, 0)
          """#, name: "=test"))
      #expect(outcome == .completed, "\(outcome.text)")
    }
  }
}
