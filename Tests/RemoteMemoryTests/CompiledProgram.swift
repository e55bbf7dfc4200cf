import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// A program of C or C++, compiled for a test, that runs until this object ends. It prints places by
/// name, then `ready`, and answers commands.
final class CompiledProgram {
  let child: SpawnedProcess
  let places: [String: UInt64]
  let path: String
  private let folder: CoreFolder

  var id: ProcessID { child.id }
  var name: String { String(path.split(separator: "/").last ?? "") }

  /// Compiles and starts it.
  /// - Parameters:
  ///   - text: the source.
  ///   - options: of the compiler, behind `-o` and before the source.
  ///   - after: commands of a shell, run in its folder before it starts; `game` is the program.
  ///
  /// Where the compiler does not know the options, or the program cannot run, the test is skipped.
  static func start(
    _ text: String, _ options: [String], compiler: String = "gcc", after: String? = nil
  ) throws -> CompiledProgram {
    let folder = try CoreFolder()
    let source = folder.path + (compiler == "g++" ? "/game.cc" : "/game.c")
    try Data(text.utf8).write(to: URL(filePath: source))
    let path = folder.path + "/game"
    guard try run([compiler, "-o", path] + options + [source]) else {
      try Test.cancel("\(compiler) cannot make such a program here")
    }
    if let after, !(try run(["sh", "-ec", "cd '\(folder.path)'\n" + after])) {
      try Test.cancel("what follows the compiler does not work here")
    }
    let child = try Target.start([path])
    let (places, _) = try Target.readBlock(child)
    guard places["hit"] != nil else {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
      try Test.cancel("such a program does not run here")
    }
    return CompiledProgram(child, places, path, folder)
  }

  private init(
    _ child: SpawnedProcess, _ places: [String: UInt64], _ path: String, _ folder: CoreFolder
  ) {
    self.child = child
    self.places = places
    self.path = path
    self.folder = folder
  }

  deinit {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 10)
  }

  /// A place by name.
  func callAsFunction(_ name: String) -> Address { Address(places[name] ?? 0) }

  func attach() throws -> RemoteProcess { try RemoteProcess.attach(id) }

  /// Compiles a library beside the program; its path.
  func library(_ name: String, _ text: String, _ options: [String] = []) throws -> String {
    let source = folder.path + "/\(name).c"
    try Data(text.utf8).write(to: URL(filePath: source))
    let path = folder.path + "/\(name).so"
    guard try Self.run(["gcc", "-shared", "-fPIC", "-o", path] + options + [source]) else {
      throw CocoaError(.executableLoad)
    }
    return path
  }

  func ask(_ command: String) throws -> String {
    try child.send(Array((command + "\n").utf8))
    return String(decoding: try child.receiveLine(seconds: 20) ?? [], as: UTF8.self)
  }

  /// Runs a program to its end; whether it went well.
  static func run(_ words: [String]) throws -> Bool {
    var request = SpawnRequest(words)
    request.error = .null
    request.output = .null
    return try SpawnedProcess.spawn(request).waitForExit(seconds: 60) == .exited(code: 0)
  }

  /// A game in C. `-DALONE` leaves out loading libraries, which static programs cannot.
  static let game = """
    #include <stdio.h>
    #include <string.h>
    #ifndef ALONE
    #include <dlfcn.h>
    #endif
    struct inner { short first; char second; };
    struct entity {
      int health;
      float pos[3];
      struct entity *next;
      unsigned state : 3, level : 5;
      struct { short nameless; };
      struct inner parts[2];
      char name[8];
    };
    typedef struct { double x, y; } point;
    struct entity other = {7, {1, 2, 3}, 0, 1, 2, {3}, {{4, 5}}, "other"};
    struct entity hero = {100, {1.5f, 2.5f, 3.5f}, &other, 5, 17, {8}, {{6, 7}, {8, 9}}, "hero"};
    point middle = {1.25, 2.5};
    int grid[3][4] = {{0, 1}, {2}, {0, 0, 9}};
    static int big[100000];
    __thread int own = 3;
    __attribute__((noinline)) int hit(int n) {
      hero.health -= n; /* line 24 */
      return hero.health;
    }
    int main(void) {
      char line[4096];
      void *loaded = 0;
      printf("hero=%p\\nhit=%p\\nbig=%p\\nother=%p\\nmiddle=%p\\ngrid=%p\\nready\\n", (void *)&hero,
             (void *)hit, (void *)big, (void *)&other, (void *)&middle, (void *)grid);
      fflush(stdout);
      while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\\n")] = 0;
    #ifndef ALONE
        if (!strncmp(line, "open ", 5)) {
          loaded = dlopen(line + 5, RTLD_NOW);
          printf("%p\\n", loaded ? dlsym(loaded, "plug") : 0);
        } else if (!strcmp(line, "close")) {
          printf("%d\\n", dlclose(loaded));
        }
    #endif
        fflush(stdout);
      }
      return hit(big[0]) + own + (loaded != 0);
    }
    """
}
