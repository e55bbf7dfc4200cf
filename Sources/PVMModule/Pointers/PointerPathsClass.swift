import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of pointer paths: what `process.pointers_to` gives.
  static var pointerPathsClass: ClassDeclaration {
    ClassDeclaration(
      PointerPathsObject.self, "pvm.pointer_paths",
      "Pointer paths to one address, those that are likely to last first. They never change.",
      [pointerPathsAccess, pointerPathsSteps, pointerPathsFields, pointerPathsMetamethods])
  }

  /// A result that is a new set of paths.
  static func paths(_ note: String) -> ResultType<PointerPathsObject> {
    .object("pvm.pointer_paths", note, name: "paths", weight: { $0.paths.memoryByteCount })
  }

  private static var pointerPathsAccess: [Declaration] {
    [
      .method(
        "page", "Lay some paths out as a table.",
        Parameter<Int>("page", .count("page", from: 1, upTo: 1 << 40), "which, from 1", default: 1),
        Parameter<Int>(
          "size", .count("size", from: 1, upTo: 10_000), "paths a page", default: 20),
        returns: .text("lines", name: "text"),
        about: About(example: "print(game:pointers_to(health):page(1, 5))")
      ) { (_, object: PointerPathsObject, page: Int, size: Int) in
        let (start, overflow) = (page - 1).multipliedReportingOverflow(by: size)
        let first = overflow ? object.paths.count : min(start, object.paths.count)
        return object.text(first..<min(first + size, object.paths.count))
      },
      .method(
        "json", "Write all paths as JSON lines.",
        Parameter("path", .path, "a file, which is replaced; \"-\" for standard output"),
        returns: .count("how many were written"),
        about: About(
          fails: ["EACCES", "ENOENT", "ENOSPC"],
          example: #"print(game:pointers_to(health):json("/dev/null") >= 1)  --> true"#,
          notes: "Each line: path, base, offset and offsets.", seeAlso: ["pointer_paths.save"])
      ) { (call, object: PointerPathsObject, path: String) in
        if path == "-" {
          guard let output = call.session.output else {
            throw ScriptFailure.badArgument(2, "this host has no standard output")
          }
          try object.export(to: output)
        } else {
          let file = try OutputFile(path: path)
          defer { file.close() }
          try object.export(to: file.write)
        }
        return object.paths.count
      },
      .method(
        "save", "Write the paths to a file, from which `pvm.load_paths` reads them.",
        Parameter("path", .path, "a file, which is replaced once all is written"),
        returns: .nothing,
        about: About(
          fails: ["EACCES", "ENOENT", "ENOSPC"],
          example: """
            local path = os.tmpname()
            game:pointers_to(health):save(path)
            print(#pvm.load_paths(path) >= 1)  --> true
            os.remove(path)
            """, seeAlso: ["pvm.load_paths", "pointer_paths.json"])
      ) { (_, object: PointerPathsObject, path: String) in try object.paths.save(to: path) },
    ]
  }

  private static var pointerPathsSteps: [Declaration] {
    [
      .method(
        "rescan", "Keep the paths that lead to an address in a process now.",
        Parameter("process", .object("pvm.process"), "the same later, or another run of it"),
        Parameter("address", .address, "what they are to lead to there"),
        Parameter<KeptFunction?>.options("how", SearchWork.progress),
        returns: paths("those that are left, with the new address as `target`"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local paths = game:pointers_to(health)
            print(#paths:rescan(game, health) == #paths, #paths:rescan(game, gold))  --> true 0
            """,
          notes: """
            Only the paths are followed, all of one level together, so this is quick. A snapshot or \
            core can stand for the process. A path whose module is not there is dropped.
            """, seeAlso: ["pointer_paths.intersect"])
      ) {
        (
          call, object: PointerPathsObject, process: ProcessHandle, address: Address,
          progress: KeptFunction?
        ) -> PointerPathsObject in
        try call.pointerPaths(progress) { scan in
          try object.paths.rescanned(in: process.source, to: address, progress: scan.progress)
        }
      },
      .method(
        "intersect",
        "Keep the paths that are in the other too: of another run, or of a saved file.",
        Parameter("other", .object("pvm.pointer_paths"), "paths of the same program"),
        returns: paths("those in both, with this one's target"),
        about: About(
          example: """
            local one, two = game:pointers_to(health), game:pointers_to(health, {depth=4})
            print(#one:intersect(two) == #two)  --> true
            """,
          notes: "Modules are the same when their names are, wherever they lay.",
          seeAlso: ["pointer_paths.rescan", "pvm.load_paths"])
      ) { (_, object: PointerPathsObject, other: PointerPathsObject) -> PointerPathsObject in
        PointerPathsObject(object.paths.intersection(other.paths))
      },
    ]
  }

  private static var pointerPathsFields: [Declaration] {
    [
      .field("target", .address("what they lead to", name: "target")) { (o: PointerPathsObject) in
        o.paths.target
      },
      .field(
        "complete",
        .boolean("false when it was interrupted, or `limited`: there may be more", name: "complete")
      ) { (o: PointerPathsObject) in o.paths.outcome.isComplete && !o.paths.outcome.isLimited },
      .field(
        "limited",
        .boolean("whether there are more than `limit`, which were left out", name: "limited")
      ) { (o: PointerPathsObject) in o.paths.outcome.isLimited },
      .field(
        "stats",
        .value(
          "table",
          "{pointers=, seconds=, bytes_read=, bytes_skipped=, bytes_left_out=, bytes_unreadable=}",
          name: "stats")
      ) { (o: PointerPathsObject) in
        let outcome = o.paths.outcome
        let read = outcome.map.statistics
        return .table(
          LuaTable([
            ("pointers", .integer(Int64(outcome.pointerCount))),
            ("seconds", .number(outcome.seconds)),
            ("bytes_read", .integer(Int64(clamping: read.bytesRead))),
            ("bytes_skipped", .integer(Int64(clamping: read.bytesUnpopulated))),
            ("bytes_left_out", .integer(Int64(clamping: read.bytesLeftOut))),
            ("bytes_unreadable", .integer(Int64(clamping: read.bytesUnreadable))),
          ]))
      },
    ]
  }

  private static var pointerPathsMetamethods: [Declaration] {
    [
      .item(
        ResultType<PointerPathObject>.object("pvm.pointer_path", "the i-th path; nil outside")
          .optional()
      ) { (object: PointerPathsObject, index: Int64) in object.path(index) },
      .metamethod("__len", .count("how many paths")) { (_, object: PointerPathsObject) in
        object.paths.count
      },
      .metamethod("__tostring", .text("a table of the first 20")) {
        (_, object: PointerPathsObject) in
        object.text(0..<20)
      },
    ]
  }

  /// The class of one path.
  static var pointerPathClass: ClassDeclaration {
    ClassDeclaration(
      PointerPathObject.self, "pvm.pointer_path",
      "A pointer path: a place with a name, and offsets to add.",
      [
        [
          .method(
            "resolve", "Follow the path.",
            Parameter("process", .object("pvm.process"), "in which process, snapshot or core"),
            returns: .address("where it leads now; nothing is read there"),
            about: About(
              fails: accessErrors + ["EFAULT", "ENOENT", "EAMBIGUOUS"],
              example: "print(game:pointers_to(health)[1]:resolve(game) == health)  --> true",
              seeAlso: ["process.addr"])
          ) { (_, object: PointerPathObject, process: ProcessHandle) in
            try process.source.address(of: object.path.expression)
          },
          .field(
            "expression",
            .text("as `process.addr` reads it: \"[[game+0x1234]+0x10]+8\"", name: "expression")
          ) { (o: PointerPathObject) in "\(o.path)" },
          .field(
            "base", .text("the module or region it begins in; empty for none", name: "base")
          ) { (o: PointerPathObject) in o.path.base.name },
          .field(
            "offset", .integer("where in it, or the address where there is none", name: "offset")
          ) { (o: PointerPathObject) in Int64(bitPattern: o.path.offset) },
          .field(
            "offsets", .value("integer[]", "what is added after each pointer", name: "offsets")
          ) { (o: PointerPathObject) in
            var list = LuaTable()
            list.array = o.path.offsets.map { .integer($0) }
            return .table(list)
          },
          .field("root", .address("where the first pointer lay when it was found", name: "root")) {
            (o: PointerPathObject) in o.path.root
          },
          .metamethod("__len", .count("how many pointers it follows")) {
            (_, o: PointerPathObject) in
            o.path.offsets.count
          },
          .metamethod("__eq", .boolean("whether both are the same path")) {
            (call, o: PointerPathObject) in
            let other = try? ArgumentType<PointerPathObject>.object("pvm.pointer_path").read(
              call, 2)
            return other.map { $0.path.isLike(o.path) } ?? false
          },
          .metamethod("__tostring", .text("the expression")) { (_, o: PointerPathObject) in
            "\(o.path)"
          },
        ]
      ])
  }
}
