import LuaHost
import MemoryModel
import RemoteMemory

/// Modules compared with their files, as a script holds it.
public final class ModifiedObject {
  let comparison: ModuleComparison
  init(_ comparison: ModuleComparison) { self.comparison = comparison }
}

extension PVMModule {
  static var modifiedClass: ClassDeclaration {
    ClassDeclaration(
      ModifiedObject.self, "pvm.modified",
      "Where memory is not what the files of its modules say, from 1 to #list.",
      [
        [
          .item(
            ResultType<LuaValue>.value(
              "table?",
              "{address=, module=, section=, offset=, size=, file=, memory=}; nil: outside",
              name: "place")
          ) { (object: ModifiedObject, index: Int64) in
            let patches = object.comparison.patches
            guard index >= 1, index <= patches.count else { return .null }
            return patches[Int(index) - 1].luaValue
          },
          .field(
            "modules",
            .value(
              "table[]",
              """
              {name=, path=, base=, compared=, relocated=, unchecked=, unreadable=, places=, skipped=} \
              each
              """,
              name: "modules")
          ) { (object: ModifiedObject) in
            var list = LuaTable()
            list.array = object.comparison.modules.map(\.luaValue)
            return .table(list)
          },
          .field(
            "complete",
            .boolean("whether every place is listed; at most 65536 are", name: "complete")
          ) { (object: ModifiedObject) in object.comparison.isComplete },
          .metamethod("__len", .count("how many places")) { (_, object: ModifiedObject) in
            object.comparison.patches.count
          },
          .metamethod("__tostring", .text("what was found, a line each for the first 20 places")) {
            (_, object: ModifiedObject) in object.comparison.text
          },
        ]
      ])
  }

  static var modifiedMethods: [Declaration] {
    [
      .method(
        "modified", "Compare code and constants with the files they were loaded from.",
        Parameter.optional(
          "module", .text, "path, base name, or base name without its version; all when left out"),
        returns: .object(
          "pvm.modified", "the places that differ: patched, hooked or damaged code",
          weight: { $0.comparison.patches.count * 256 }),
        about: About(
          fails: accessErrors + ["ENOENT", "EAMBIGUOUS", "EINTERRUPTED"],
          source: ["elf(5)", "proc_pid_maps(5)"],
          example: """
            local found = game:modified("pvm-target")
            print(#found)  --> 0
            for _, place in ipairs(found) do
              print(("%x %s %s"):format(place.address, place.module, place.section), place.size)
            end
            """,
          notes: """
            `file` holds what ought to be there, the file's bytes as the loader changes them, and \
            `memory` what is there; of long places both hold the first 4096 bytes. Places with fewer \
            than 8 equal bytes between them are one. Relocations are accounted for; what only the \
            loader knows, such as where another module's function lies, is left out and counted as \
            `unchecked`. PE files mapped by Wine are compared by sections. A module whose file is \
            gone or was replaced is listed in `modules` with why it was `skipped`.
            """, seeAlso: ["process.modules", "process.hash"])
      ) { (_, handle: ProcessHandle, module: String?) in
        ModifiedObject(try handle.source.compareModules(named: module))
      }
    ]
  }
}

extension ModulePatch {
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("address", .integer(address.luaInteger)), ("module", .text(module)),
      ("offset", .integer(Int64(bitPattern: fileOffset))), ("size", .integer(Int64(byteCount))),
      ("file", .bytes(expected)), ("memory", .bytes(found)),
    ]
    if let section { fields.append(("section", .text(section))) }
    return .table(LuaTable(fields))
  }
}

extension ModuleReport {
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("name", .text(name)), ("path", .bytes(pathBytes)), ("base", .integer(base.luaInteger)),
      ("compared", .integer(Int64(clamping: comparedBytes))),
      ("relocated", .integer(Int64(relocatedWords))),
      ("unchecked", .integer(Int64(clamping: uncheckedBytes))),
      ("unreadable", .integer(Int64(clamping: unreadableBytes))),
      ("places", .integer(Int64(patchCount))),
    ]
    if let skipped { fields.append(("skipped", .text(skipped))) }
    return .table(LuaTable(fields))
  }
}

extension ModuleComparison {
  /// A line of summary, the first places, and the modules that could not be compared.
  var text: String {
    let compared = modules.filter { $0.skipped == nil }
    let bytes = compared.reduce(UInt64(0)) { $0 &+ $1.comparedBytes }
    let places = patches.count == 1 ? "1 place differs" : "\(patches.count) places differ"
    let kept = compared.count == 1 ? "1 module" : "\(compared.count) modules"
    var lines = ["\(places) in \(bytes.sizeText) of \(kept)"]
    lines += patches.prefix(20).map { "  \($0.line)" }
    if patches.count > 20 { lines.append("  and \(patches.count - 20) more") }
    for report in modules {
      if let reason = report.skipped { lines.append("  \(report.name): not compared, \(reason)") }
      if report.skipped == nil, report.unreadableBytes > 0 {
        lines.append("  \(report.name): \(report.unreadableBytes.sizeText) could not be read")
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension ModulePatch {
  /// `0x55d0 game .text, 5 bytes: 48 8b 07 -> e9 10 20`.
  fileprivate var line: String {
    let place = section.map { "\(module) \($0)" } ?? module
    let bytes = byteCount == 1 ? "1 byte" : "\(byteCount) bytes"
    return "\(address) \(place), \(bytes): \(Self.hex(expected)) -> \(Self.hex(found))"
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return shown.joined(separator: " ") + (bytes.count > 16 ? " .." : "")
  }
}
