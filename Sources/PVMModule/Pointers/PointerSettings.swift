import LuaHost
import MemoryModel
import RemoteMemory

/// What paths a script wants.
struct PathSettings {
  let depth: Int
  let maxOffset: Int
  let negative: Int
  let start: PointerScanOptions.Start
  let endOffsets: [Int64]
  let passesStatics: Bool
  let limit: Int

  static var parameter: Parameter<PathSettings> {
    Parameter<(Int, Int, Negative, PointerScanOptions.Start, [Int64], Bool, Int)>.options(
      "which paths",
      Parameter<Int>(
        "depth",
        .count("depth", from: 1, upTo: Int64(PointerScanOptions.greatestDepth)),
        "pointers that are followed at most", default: 5),
      Parameter<Int>(
        "max_offset", .offset("max_offset"), "bytes that are added to a pointer at most",
        default: 4096),
      Parameter<Negative>(
        "negative", .negative,
        "bytes that are subtracted from one at most; true: as many as max_offset",
        default: .bytes(0), "0"),
      Parameter<PointerScanOptions.Start>(
        "base", .pathStart,
        "where they begin: \"static\" for the data of all modules, the name of a module or region, "
          + "a pvm.region, or {first, behind}", default: .statics, "\"static\""),
      Parameter<[Int64]>(
        "end_with", .offsetList, "offsets that must come last, as {0x10, 8}", default: [], "{}"),
      Parameter<Bool>(
        "through_static", .boolean,
        "also paths that lead through statics; else they begin at the last static on the way",
        default: false),
      Parameter<Int>(
        "limit", .count("limit", from: 1, upTo: 100_000_000),
        "paths that are kept at most; `limited` says when there are more", default: 1_000_000)
    ).map(PathSettings.init)
  }

  init(
    _ depth: Int, _ maxOffset: Int, _ negative: Negative, _ start: PointerScanOptions.Start,
    _ endOffsets: [Int64], _ passesStatics: Bool, _ limit: Int
  ) {
    self.depth = depth
    self.maxOffset = maxOffset
    switch negative {
    case .bytes(let bytes): self.negative = bytes
    case .asMany: self.negative = maxOffset
    }
    self.start = start
    self.endOffsets = endOffsets
    self.passesStatics = passesStatics
    self.limit = limit
  }

  func options(_ scan: ScanOptions) -> PointerScanOptions {
    PointerScanOptions(
      depth: depth, maxOffset: UInt64(maxOffset), negativeOffset: UInt64(negative),
      endOffsets: endOffsets, start: start, passesStatics: passesStatics, limit: limit, scan: scan)
  }

  /// How far down an offset may go.
  enum Negative {
    case bytes(Int)
    case asMany
  }
}

/// How pointers are read.
struct PointerWork {
  let alignment: Int?
  let threads: Int?
  let memory: Int?
  let progress: KeptFunction?

  static var parameter: Parameter<PointerWork> {
    Parameter<(Int?, Int?, Int?, KeptFunction?)>.options(
      "how",
      Parameter<Int?>(
        "aligned", .pointerAlignment,
        "false for pointers at any address, or the number their addresses are multiples of",
        default: nil, "true"),
      SearchWork.threads,
      SearchWork.memory("the pointers"),
      SearchWork.progress
    ).map(PointerWork.init)
  }
}

/// The options of `pointers_to`.
struct PointerSettings {
  let paths: PathSettings
  let work: PointerWork

  static var parameter: Parameter<PointerSettings> {
    Parameter<(PathSettings, PointerWork)>.optionGroups(
      "which paths, and how to search", PathSettings.parameter, PointerWork.parameter
    ).map(PointerSettings.init)
  }
}

/// The options of `pointer_map`.
struct PointerMapSettings {
  let reach: Int
  let work: PointerWork

  static var parameter: Parameter<PointerMapSettings> {
    Parameter<(Int, PointerWork)>.optionGroups(
      "what the map is to know",
      Parameter<Int>.options(
        "",
        Parameter<Int>(
          "max_offset", .offset("max_offset"),
          "bytes that paths found in it may add to a pointer, or subtract, at most",
          default: 4096)),
      PointerWork.parameter
    ).map(PointerMapSettings.init)
  }

  func options(_ scan: ScanOptions) -> PointerMapOptions {
    PointerMapOptions(reach: UInt64(reach), alignment: work.alignment, scan: scan)
  }
}

/// How a map is searched.
struct MapWork {
  let threads: Int?
  let progress: KeptFunction?

  static var parameter: Parameter<MapWork> {
    Parameter<(Int?, KeptFunction?)>.options("how", SearchWork.threads, SearchWork.progress)
      .map(MapWork.init)
  }
}

/// The options of `pointers_to` of a map.
struct MapSearchSettings {
  let paths: PathSettings
  let work: MapWork

  static var parameter: Parameter<MapSearchSettings> {
    Parameter<(PathSettings, MapWork)>.optionGroups(
      "which paths, and how to search", PathSettings.parameter, MapWork.parameter
    ).map(MapSearchSettings.init)
  }
}

extension ArgumentType where Value == Int {
  /// A number of bytes from a pointer to a field.
  fileprivate static func offset(_ name: String) -> ArgumentType<Int> {
    count(name, upTo: Int64(PointerMapOptions.greatestReach))
  }
}

extension ArgumentType where Value == PathSettings.Negative {
  /// true, false or a number of bytes.
  fileprivate static var negative: ArgumentType<PathSettings.Negative> {
    ArgumentType("boolean or number of bytes", annotation: "boolean|integer") { call, index in
      if call.kind(at: index) == .boolean { return call.truth(at: index) ? .asMany : .bytes(0) }
      return .bytes(try ArgumentType<Int>.offset("negative").read(call, index))
    }
  }
}

extension ArgumentType where Value == Int? {
  /// true, false or a power of two.
  fileprivate static var pointerAlignment: ArgumentType<Int?> {
    ArgumentType("boolean or power of two", annotation: "boolean|integer") { call, index in
      if call.kind(at: index) == .boolean { return call.truth(at: index) ? nil : 1 }
      let bytes = try ArgumentType<Int>.count("aligned", from: 1, upTo: 4096).read(call, index)
      guard bytes & (bytes - 1) == 0 else {
        throw ArgumentMismatch("must be a power of two, got \(bytes)")
      }
      return bytes
    }
  }
}

extension ArgumentType where Value == [Int64] {
  /// `{0x10, 8}`.
  fileprivate static var offsetList: ArgumentType<[Int64]> {
    ArgumentType("list of offsets", annotation: "integer[]") { call, index in
      guard case .table(let table) = try call.value(at: index), table.fields.isEmpty,
        table.others.isEmpty
      else { throw ArgumentMismatch("must be a list of offsets, as {0x10, 8}") }
      return try table.array.map { value in
        guard let offset = value.wholeNumber,
          offset.magnitude <= PointerMapOptions.greatestReach
        else {
          throw ArgumentMismatch(
            "offsets are whole numbers up to \(PointerMapOptions.greatestReach)")
        }
        return offset
      }
    }
  }
}

extension ArgumentType where Value == PointerScanOptions.Start {
  /// "static", a name, a mapping or a range.
  fileprivate static var pathStart: ArgumentType<PointerScanOptions.Start> {
    ArgumentType(
      "\"static\", the name of a module or region, a pvm.region, or {first, behind}",
      annotation: "string|pvm.region|integer[]"
    ) { call, index in
      switch try call.value(at: index) {
      case .bytes(let bytes):
        let name = String(decoding: bytes, as: UTF8.self)
        return name == "static" ? .statics : .base(name)
      case .object(let object as RegionObject, _): return .range(object.region.range)
      case .table(let table):
        guard table.array.count == 2, table.fields.isEmpty, table.others.isEmpty,
          let first = table.array[0].wholeNumber, let behind = table.array[1].wholeNumber
        else { throw ArgumentMismatch("a range is {first, behind}") }
        return .range(
          AddressRange(start: Address(luaInteger: first), end: Address(luaInteger: behind)))
      default:
        throw call.mismatch("\"static\", name, pvm.region or {first, behind}", at: index)
      }
    }
  }
}
