import LuaHost
import MemoryModel

/// One mapping, as a script holds it.
public final class RegionObject {
  let region: Region
  init(_ region: Region) { self.region = region }
}

/// A list of mappings, as it was when it was asked for.
public final class RegionList {
  let regions: [Region]
  init(_ regions: [Region]) { self.regions = regions }
}

extension PVMModule {
  static var regionClass: ClassDeclaration {
    ClassDeclaration(
      RegionObject.self, "pvm.region", "One mapping of a process, as it was when asked for.",
      [
        [
          .field("start", .address("first address", name: "start")) { (o: RegionObject) in
            o.region.start
          },
          .field("stop", .address("first address behind it", name: "stop")) { (o: RegionObject) in
            o.region.end
          },
          .field("size", .integer("bytes", name: "size")) { (o: RegionObject) in
            Int64(clamping: o.region.range.count)
          },
          .field("perms", .text("rwx, and s for shared or p for private", name: "perms")) {
            (o: RegionObject) in "\(o.region.permissions)"
          },
          .field("kind", .text("heap, stack, anon, file, shared ...", name: "kind")) {
            (o: RegionObject) in o.region.kind.rawValue
          },
          .field("name", .bytes("file or [name] as the kernel gives it", name: "name")) {
            (o: RegionObject) in o.region.nameBytes
          },
          .field("offset", .integer("where it begins in its file", name: "offset")) {
            (o: RegionObject) in Int64(bitPattern: o.region.offset)
          },
          .field("inode", .integer("inode of its file, or 0", name: "inode")) {
            (o: RegionObject) in Int64(bitPattern: o.region.inode)
          },
          .metamethod("__len", .integer("bytes")) { (_, o: RegionObject) in
            Int64(clamping: o.region.range.count)
          },
          .metamethod("__tostring", .text("the line of the maps file, readable")) {
            (_, o: RegionObject) in o.region.description
          },
        ]
      ])
  }

  static var regionListClass: ClassDeclaration {
    ClassDeclaration(
      RegionList.self, "pvm.regions",
      "A list of mappings in the order of their addresses, from 1 to #list.",
      [
        [
          .item(
            ResultType<RegionObject>.object("pvm.region", "the i-th mapping; nil outside")
              .optional()
          ) { (list: RegionList, index: Int64) in
            guard index >= 1, index <= list.regions.count else { return nil }
            return RegionObject(list.regions[Int(index) - 1])
          },
          .metamethod("__len", .count("how many mappings")) { (_, list: RegionList) in
            list.regions.count
          },
          .metamethod("__tostring", .text("a table, at most 40 lines")) { (_, list: RegionList) in
            list.text(limit: 40)
          },
        ]
      ])
  }
}

extension RegionList {
  /// An aligned table of the first mappings.
  func text(limit: Int) -> String {
    var lines = regions.prefix(limit).map { region in
      let size = region.range.count.sizeText
      let pad = String(repeating: " ", count: max(1, 10 - size.count))
      return "\(region.start)-\(region.end) \(region.permissions)\(pad)\(size)  "
        + "\(region.kind.rawValue)  \(region.displayName)"
    }
    if regions.count > limit { lines.append("... \(regions.count - limit) more") }
    if lines.isEmpty { lines.append("no regions") }
    return lines.joined(separator: "\n")
  }
}
