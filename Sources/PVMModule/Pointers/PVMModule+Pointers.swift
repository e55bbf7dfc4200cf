import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Finding pointer paths.
  static var pointerScanMethods: [Declaration] {
    [
      .method(
        "pointers_to", "Find pointer paths to an address: the ways to it from static data.",
        Parameter("address", .address, "what they are to lead to"),
        PointerSettings.parameter,
        returns: paths("those that are likely to last first"),
        about: About(
          fails: scanErrors + ["ENOENT", "EAMBIGUOUS"], source: ["process_vm_readv(2)"],
          example: """
            local paths = game:pointers_to(health, {depth=3, max_offset=64})
            print(paths[1].base, #paths[1])  --> pvm-target 3
            print(game:addr(paths[1].expression) == health)  --> true
            """,
          notes: """
            A path such as [[game+0x1234]+0x10]+8 still holds when the program was started again. \
            All paths within the bounds are found, but none that leads through one place twice. \
            Those that held by chance are told apart by `rescan` in another run, or by \
            `intersect`.
            """,
          seeAlso: [
            "process.pointer_map", "pointer_paths.rescan", "process.references", "process.addr",
          ])
      ) {
        (call, handle: ProcessHandle, address: Address, settings: PointerSettings)
          -> PointerPathsObject in
        try call.pointerPaths(settings.work.progress, settings.work) {
          try handle.source.pointerPaths(
            to: address, alignment: settings.work.alignment, settings.paths.options($0))
        }
      },
      .method(
        "pointer_map", "Read all pointers once, to find paths to many addresses in them.",
        PointerMapSettings.parameter,
        returns: pointerMap("which needs the process no more"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local map = game:pointer_map()
            print(#map > 0, #map:pointers_to(health) > 0, #map:pointers_to(gold) > 0)  --> true true true
            """,
          notes: "It takes 8 bytes a pointer.",
          seeAlso: ["process.pointers_to", "pointer_map.save", "pvm.load_pointer_map"])
      ) { (call, handle: ProcessHandle, settings: PointerMapSettings) -> PointerMapObject in
        try call.pointerSearch(settings.work.progress, settings.work) {
          PointerMapObject(try handle.source.pointerMap(settings.options($0)))
        }
      },
    ]
  }

  /// Reading back what was saved.
  static var pointerFunctions: [Declaration] {
    [
      .function(
        "load_paths", "Read pointer paths that `pointer_paths.save` wrote.",
        Parameter("path", .path, "the file"),
        returns: paths("as they were saved"),
        about: About(
          fails: ["EINVAL", "EACCES", "ENOENT"],
          example: """
            local path = os.tmpname()
            game:pointers_to(health):save(path)
            print(#pvm.load_paths(path):rescan(game, health) >= 1)  --> true
            os.remove(path)
            """, seeAlso: ["pointer_paths.save", "pointer_paths.rescan", "pointer_paths.intersect"])
      ) { (call, path: String) -> PointerPathsObject in
        PointerPathsObject(
          try PointerPaths.load(path, interrupt: call.session.attachOptions.interrupt))
      },
      .function(
        "load_pointer_map", "Read a pointer map that `pointer_map.save` wrote.",
        Parameter("path", .path, "the file"),
        returns: pointerMap("as it was saved"),
        about: About(
          fails: ["EINVAL", "EACCES", "ENOENT", "ENOMEM", "ENOSPC"],
          example: """
            local path = os.tmpname()
            game:pointer_map():save(path)
            print(#pvm.load_pointer_map(path):pointers_to(health) >= 1)  --> true
            os.remove(path)
            """, seeAlso: ["pointer_map.save", "process.pointer_map"])
      ) { (call, path: String) -> PointerMapObject in
        PointerMapObject(
          try PointerMap.load(path, interrupt: call.session.attachOptions.interrupt))
      },
    ]
  }

  private static func pointerMap(_ note: String) -> ResultType<PointerMapObject> {
    .object("pvm.pointer_map", note, name: "map", weight: { $0.map.memoryByteCount })
  }

  /// The class of pointer maps.
  static var pointerMapClass: ClassDeclaration {
    ClassDeclaration(
      PointerMapObject.self, "pvm.pointer_map",
      "All pointers of a process at one moment, by where they lead. It never changes.",
      [
        [
          .method(
            "pointers_to", "Find pointer paths to an address, as `process.pointers_to` does.",
            Parameter("address", .address, "what they are to lead to, as it was then"),
            MapSearchSettings.parameter,
            returns: paths("those that are likely to last first"),
            about: About(
              fails: ["EINVAL", "ENOENT", "EAMBIGUOUS", "EINTERRUPTED", "ENOMEM", "ENOSPC"],
              example:
                "print(#game:pointer_map():pointers_to(health) == #game:pointers_to(health))  --> true",
              notes: "The process is not needed, so that two runs are compared offline.",
              seeAlso: ["process.pointers_to", "pointer_paths.intersect"])
          ) {
            (call, object: PointerMapObject, address: Address, settings: MapSearchSettings)
              -> PointerPathsObject in
            try call.pointerPaths(settings.work.progress) { scan in
              var scan = scan
              scan.threads = settings.work.threads
              return try object.map.paths(to: address, settings.paths.options(scan))
            }
          },
          .method(
            "save", "Write the map to a file, from which `pvm.load_pointer_map` reads it.",
            Parameter("path", .path, "a file, which is replaced once all is written"),
            returns: .nothing,
            about: About(
              fails: ["EACCES", "ENOENT", "ENOSPC", "EINTERRUPTED"],
              example: """
                local path = os.tmpname()
                game:pointer_map():save(path)
                print(pvm.load_pointer_map(path).complete)  --> true
                os.remove(path)
                """,
              seeAlso: ["pvm.load_pointer_map"])
          ) { (_, object: PointerMapObject, path: String) in try object.map.save(to: path) },
          .field(
            "complete", .boolean("false when it was interrupted", name: "complete")
          ) { (o: PointerMapObject) in o.map.outcome.isComplete },
          .field(
            "max_offset",
            .integer(
              "bytes that paths may add to a pointer, or subtract, at most", name: "max_offset")
          ) { (o: PointerMapObject) in Int64(clamping: o.map.reach) },
          .metamethod("__len", .count("how many pointers")) { (_, o: PointerMapObject) in
            o.map.count
          },
          .metamethod("__tostring", .text("one line about it")) { (_, o: PointerMapObject) in
            o.text
          },
        ]
      ])
  }
}

extension Call {
  /// Carries out a step of a search for pointers with its progress told.
  func pointerSearch<Answer>(
    _ progress: KeptFunction?, _ work: PointerWork? = nil, _ body: (ScanOptions) throws -> Answer
  ) throws -> Answer {
    let watch = SearchWatch(self, progress)
    let budget = work?.memory.map { MemoryBudget(limit: $0) } ?? .standard
    let options = ScanOptions(threads: work?.threads, budget: budget, progress: watch.look)
    let outcome = Result { try body(options) }
    try watch.finish()
    return try outcome.get()
  }

  /// The same for one that gives paths. At a prompt a Ctrl-C that ended it has done its work.
  func pointerPaths(
    _ progress: KeptFunction?, _ work: PointerWork? = nil,
    _ body: (ScanOptions) throws -> PointerPaths
  ) throws -> PointerPathsObject {
    let paths = try pointerSearch(progress, work, body)
    if !paths.outcome.isComplete, session.isInteractive { host.forgiveInterrupt() }
    return PointerPathsObject(paths)
  }
}
