import LuaHost
import MemoryModel
import RemoteMemory

/// A program, library or other mapped file, as a script holds it.
public final class ModuleObject {
  let handle: ProcessHandle
  let module: Module
  /// What its headers say; read when first asked for.
  lazy var image = handle.source.image(of: module)

  init(handle: ProcessHandle, module: Module) {
    self.handle = handle
    self.module = module
  }
}

extension PVMModule {
  static var moduleClass: ClassDeclaration {
    ClassDeclaration(
      ModuleObject.self, "pvm.module",
      "A mapped file: a program, a library, the kernel's [vdso], or data. As it was when asked for.",
      [modulePlace, moduleHeaders, moduleParts])
  }

  private static var modulePlace: [Declaration] {
    [
      .field("name", .text("last part of the path", name: "name")) { (o: ModuleObject) in
        o.module.name
      },
      .field("path", .bytes("as the kernel gives it", name: "path")) { (o: ModuleObject) in
        o.module.pathBytes
      },
      .field("base", .address("first address", name: "base")) { (o: ModuleObject) in
        o.module.base
      },
      .field("stop", .address("first address behind it, bss included", name: "stop")) {
        (o: ModuleObject) in o.module.end
      },
      .field("size", .integer("bytes from base to stop, as its headers say", name: "size")) {
        (o: ModuleObject) in Int64(clamping: o.module.range.count)
      },
      .field("deleted", .boolean("whether its file was deleted or replaced", name: "deleted")) {
        (o: ModuleObject) in o.module.isDeleted
      },
      .field(
        "file",
        .text(
          "what became of its file: same, deleted, replaced, missing, or none where there never was one",
          name: "file")
      ) { (o: ModuleObject) in o.image.fileState(o.handle.source).rawValue },
      .metamethod("__len", .integer("bytes")) { (_, o: ModuleObject) in
        Int64(clamping: o.module.range.count)
      },
      .metamethod("__tostring", .text("where it lies and what it is, one line")) {
        (_, o: ModuleObject) in o.text
      },
    ]
  }

  private static var moduleHeaders: [Declaration] {
    [
      .field("format", .text("elf, pe (as Wine maps it) or data", name: "format")) {
        (o: ModuleObject) in o.image.format.rawValue
      },
      .field("arch", ResultType<String>.text("x86_64, i386, aarch64 ...", name: "arch").optional())
      {
        (o: ModuleObject) in o.image.machine
      },
      .field("bits", ResultType<Int>.count("32 or 64; nil for data", name: "bits").optional()) {
        (o: ModuleObject) in o.image.pointerWidth?.bits
      },
      .field(
        "build_id",
        ResultType<String>.text("names one build of it, in hexadecimal", name: "build_id")
          .optional()
      ) { (o: ModuleObject) in o.image.buildIDText },
      .field(
        "bias",
        .integer("what addresses in memory are more than those in its file", name: "bias")
      ) { (o: ModuleObject) in Int64(bitPattern: o.image.distance) },
    ]
  }

  private static var moduleParts: [Declaration] {
    [
      .field(
        "regions", .object("pvm.regions", "its mappings, cut where it ends", name: "regions")
      ) { (o: ModuleObject) in RegionList(o.module.regions) },
      .field(
        "segments",
        .value(
          "table[]", "{start=, stop=, size=, perms=, offset=, file_size=} each, as headers say",
          name: "segments")
      ) { (o: ModuleObject) in
        var list = LuaTable()
        list.array = o.image.segments.map(\.luaValue)
        return .table(list)
      },
      .field(
        "sections",
        .value(
          "table[]", "{name=, start=, stop=, size=} each; empty where its file is not there",
          name: "sections")
      ) { (o: ModuleObject) in
        var list = LuaTable()
        list.array = o.image.sections(o.handle.source).map(\.luaValue)
        return .table(list)
      },
    ]
  }
}

extension ModuleObject {
  /// `0x7f00-0x7f80 1.9 MiB libc.so.6 elf x86_64, build 4f2a...`.
  fileprivate var text: String {
    let kind = [image.format.rawValue, image.machine ?? ""].filter { !$0.isEmpty }
    let build = image.buildIDText.map { ", build \($0.prefix(12))" } ?? ""
    return "\(module.base)-\(module.end) \(module.range.count.sizeText) \(module.name) "
      + kind.joined(separator: " ") + build + (module.isDeleted ? " (deleted)" : "")
  }
}

extension AddressRange {
  fileprivate var luaFields: [(name: String, value: LuaValue)] {
    [
      ("start", .integer(start.luaInteger)), ("stop", .integer(end.luaInteger)),
      ("size", .integer(Int64(clamping: count))),
    ]
  }
}

extension ModuleImage.Segment {
  fileprivate var luaValue: LuaValue {
    .table(
      LuaTable(
        range.luaFields + [
          ("perms", .text("\(permissions)")), ("offset", .integer(Int64(bitPattern: fileOffset))),
          ("file_size", .integer(Int64(clamping: fileByteCount))),
        ]))
  }
}

extension ModuleImage.Section {
  fileprivate var luaValue: LuaValue {
    .table(LuaTable([("name", .text(name))] + range.luaFields))
  }
}
