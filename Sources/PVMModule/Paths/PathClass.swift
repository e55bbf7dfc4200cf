import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var pathFunctions: [Declaration] {
    [
      .function(
        "path", "Parse an address expression once, to follow it as often as wanted.",
        Parameter("expression", .path, "\"[[game+0x1234]+0x10]+8\""),
        returns: .object(
          "pvm.path", "for addr, cell, resolve_all, watch, patch and view", name: "path"),
        about: About(
          example: """
            local path = pvm.path(string.format("[[[%#x]+0x10]+8]", root))
            print(path.hops, path:resolve(game) == player)  --> 3 true
            """,
          notes: """
            It belongs to no process. Wherever a place is wanted, a path or its text will do: it is \
            followed anew, with one gather for each level of pointers, however many paths are followed \
            together.
            """, seeAlso: ["process.addr", "process.cell", "process.resolve_all"])
      ) { (_, path: AddressPath) in PathObject(path) }
    ]
  }

  /// The class of paths: what `pvm.path` gives.
  static var pathClass: ClassDeclaration {
    ClassDeclaration(
      PathObject.self, "pvm.path", "A way to an address through pointers, parsed once.",
      [
        [
          .method(
            "resolve", "Follow it in a process, now.",
            Parameter("process", ArgumentType<ProcessHandle>.object("pvm.process"), "where"),
            returns: .address("where it leads; nothing is read there"),
            about: About(
              fails: accessErrors + ["EFAULT", "ENOENT", "EAMBIGUOUS"],
              example: #"print(pvm.path("[root]"):offset(8).hops)  --> 1"#,
              seeAlso: ["process.resolve_all"])
          ) { (_, object: PathObject, handle: ProcessHandle) in
            try handle.source.resolve(object.path)
          },
          .method(
            "offset", "The same path, so many bytes further.",
            Parameter("bytes", .integer, "added to the address; negative goes down"),
            returns: .object("pvm.path", "a new path", name: "path"),
            about: About(
              example: #"print(pvm.path("[game+0x10]+8"):offset(4))  --> [game+0x10]+0x8+0x4"#)
          ) { (_, object: PathObject, bytes: Int64) in PathObject(object.path.offset(by: bytes)) },
          .field("text", .text("the expression in its plainest form", name: "text")) {
            (object: PathObject) in object.path.description
          },
          .field("hops", .count("how many pointers it reads", name: "hops")) {
            (object: PathObject) in object.path.hopCount
          },
          .field("depth", .count("how many one after the other", name: "depth")) {
            (object: PathObject) in object.path.depth
          },
          .field("names", .value("string[]", "the modules and regions in it", name: "names")) {
            (object: PathObject) in
            var table = LuaTable()
            table.array = object.path.names.map { .text($0) }
            return .table(table)
          },
          .metamethod("__tostring", .text("the expression")) { (_, object: PathObject) in
            object.path.description
          },
        ]
      ])
  }
}
