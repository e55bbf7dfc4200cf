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
          .method(
            "page", "Lay some mappings out as a table.",
            Parameter<Int>(
              "page", .count("page", from: 1, upTo: 1 << 40), "which, from 1", default: 1),
            Parameter<Int>(
              "size", .count("size", from: 1, upTo: 1 << 20), "mappings a page", default: 40),
            returns: .text("lines, with a line of titles first", name: "text"),
            about: About(example: #"print(game:regions{perms="x"}:page(1, 5))"#)
          ) { (_, list: RegionList, page: Int, size: Int) in
            let (start, overflow) = (page - 1).multipliedReportingOverflow(by: size)
            let first = overflow ? list.regions.count : min(start, list.regions.count)
            return list.lines(first..<min(first + size, list.regions.count), width: nil).plainText
          },
          .metamethod("__len", .count("how many mappings")) { (_, list: RegionList) in
            list.regions.count
          },
          .metamethod("__tostring", .text("a table, at most 40 lines")) { (_, list: RegionList) in
            list.lines(0..<RegionList.shownCount, width: nil).plainText
          },
        ]
      ])
  }
}

extension RegionList {
  static var columns: [TextTable.Column] {
    [
      .init("start", isRightAligned: true), .init("end", isRightAligned: true), .init("perms"),
      .init("size", isRightAligned: true), .init("kind"), .init("name", cut: .start),
    ]
  }

  static func cells(_ region: Region) -> [StyledText] {
    [
      StyledText("\(region.start)", .number), StyledText("\(region.end)", .number),
      StyledText("\(region.permissions)"), StyledText(region.range.count.sizeText),
      StyledText(region.kind.rawValue, .hint), StyledText(region.displayName),
    ]
  }

  /// A table of some mappings.
  func table(_ numbers: Range<Int>) -> TextTable {
    TextTable(
      Self.columns, rows: regions[numbers.clamped(to: 0..<regions.count)].map(Self.cells))
  }

  /// The table with what it leaves out said below.
  func lines(_ numbers: Range<Int>, width: Int?) -> [StyledText] {
    guard !regions.isEmpty else { return [StyledText("no regions")] }
    let rest = regions.count - numbers.clamped(to: 0..<regions.count).upperBound
    let more = rest > 0 ? [StyledText("... \(rest) more", .dim)] : []
    return table(numbers).lines(width: width) + more
  }
}

extension RegionList: DisplayedObject {
  /// How many are shown unless more is asked for.
  static let shownCount = 40

  var line: StyledText { StyledText("\(regions.count) regions") }
  func lines(width: Int) -> [StyledText] { lines(0..<Self.shownCount, width: width) }
}
