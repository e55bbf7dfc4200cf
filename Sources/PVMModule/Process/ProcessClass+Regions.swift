import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var regionMethods: [Declaration] {
    [
      .method(
        "regions", "List what is mapped, filtered.",
        .regionFilter("which mappings; all when left out"),
        returns: .object("pvm.regions", "the mappings in the order of their addresses"),
        about: About(
          fails: accessErrors, source: ["proc_pid_maps(5)"],
          example: """
            for _, region in ipairs(game:regions{perms="rw", kind="heap"}) do
              print(string.format("%x", region.start), region.size)
            end
            """,
          notes: """
            The list is stale the moment it is made: the process maps and unmaps as it likes, so every \
            read must be ready to fail.
            """)
      ) { (_, handle: ProcessHandle, filter: RegionFilter) in
        RegionList(try handle.source.regionMap().filtered(filter).regions)
      },
      .method(
        "region", "Find the mapping that an address lies in.",
        Parameter("address", .address, "any address in it"),
        returns: ResultType<RegionObject>.object("pvm.region", "the mapping; nil in a gap")
          .optional(),
        about: About(
          fails: accessErrors, source: ["proc_pid_maps(5)"],
          example: "print(game:region(game:addr(health)).perms)  --> rw-p")
      ) { (_, handle: ProcessHandle, address: Address) in
        try handle.source.regionMap().region(containing: address).map(RegionObject.init)
      },
    ]
  }
}

/// The codes that any use of a process can end with.
let accessErrors = ["ESRCH", "EPERM", "EXEC", "ECLOSED"]

extension Parameter where Value == RegionFilter {
  /// The options that choose mappings, the same wherever mappings are chosen.
  static func regionFilter(_ note: String) -> Parameter<RegionFilter> {
    Parameter<
      (
        PermissionFilter?, [RegionKind], NamePattern?, String?, AddressRange?, ClosedRange<UInt64>?,
        [RegionFilter.Exclusion]
      )
    >.options(
      note,
      .optional(
        "perms", .permissions,
        "\"rw\": at least these; \"r-x\": exactly, - for absent, ? for either; s or p at the end"),
      Parameter<[RegionKind]>("kind", .kinds, "kinds, joined by |", default: [], "all"),
      .optional("file", .namePattern, "part of the path, or a pattern with * and ?"),
      .optional("module", .text, "only this module"),
      .optional("range", .range, "{first, behind the last}: mappings that touch it"),
      .optional("size", .sizes, "{least, most} bytes, or the least alone"),
      Parameter<[RegionFilter.Exclusion]>(
        "exclude", .exclusions, "kinds or {first, behind} ranges to leave out", default: [],
        "{}")
    ).map { perms, kinds, file, module, range, sizes, exclusions in
      RegionFilter(
        permissions: perms, kinds: Set(kinds), file: file, module: module, range: range,
        minimumSize: sizes?.lowerBound, maximumSize: sizes?.upperBound, exclusions: exclusions)
    }
  }
}

extension ArgumentType where Value == PermissionFilter {
  static var permissions: ArgumentType<PermissionFilter> {
    ArgumentType<String>.text.map("permissions") { text in
      guard let filter = PermissionFilter(text) else {
        throw ArgumentMismatch("'\(text)' is no permission filter (like \"rw\", \"r-xp\")")
      }
      return filter
    }
  }
}

extension ArgumentType where Value == [RegionKind] {
  static var kinds: ArgumentType<[RegionKind]> {
    let names = RegionKind.allCases.map(\.rawValue)
    return ArgumentType<String>.text.map(
      names.joined(separator: "|"), annotation: "string", choices: names
    ) { text in
      try text.split(separator: "|").map { word in
        guard let kind = RegionKind(rawValue: String(word)) else {
          throw ArgumentMismatch(Spelling.unknown("kind", String(word), among: names))
        }
        return kind
      }
    }
  }
}

extension ArgumentType where Value == AddressRange {
  /// {first address, first address behind}.
  static var range: ArgumentType<AddressRange> {
    ArgumentType<LuaValue>.table.map("{first, behind the last}", annotation: "integer[]") {
      try AddressRange($0)
    }
  }
}

extension AddressRange {
  fileprivate init(_ value: LuaValue) throws {
    guard case .table(let table) = value, table.array.count == 2,
      let first = table.array[0].wholeNumber, let behind = table.array[1].wholeNumber,
      UInt64(bitPattern: behind) >= UInt64(bitPattern: first)
    else { throw ArgumentMismatch("a range is {first address, first address behind it}") }
    let count = UInt64(bitPattern: behind) &- UInt64(bitPattern: first)
    self.init(start: Address(luaInteger: first), count: count)
  }
}

extension ArgumentType where Value == ClosedRange<UInt64> {
  /// {least, most}, or the least alone.
  static var sizes: ArgumentType<ClosedRange<UInt64>> {
    ArgumentType("{least, most} bytes", annotation: "integer|integer[]") { call, index in
      let value = try call.value(at: index)
      if let least = value.wholeNumber, least >= 0 { return UInt64(least)...UInt64.max }
      if case .table(let table) = value, table.array.count == 2,
        let least = table.array[0].wholeNumber, let most = table.array[1].wholeNumber,
        least >= 0, most >= least
      {
        return UInt64(least)...UInt64(most)
      }
      throw ArgumentMismatch("a size is the least number of bytes, or {least, most}")
    }
  }
}

extension ArgumentType where Value == [RegionFilter.Exclusion] {
  static var exclusions: ArgumentType<[RegionFilter.Exclusion]> {
    ArgumentType<LuaValue>.table.map(
      "list of kinds and {first, behind} ranges", annotation: "(string|integer[])[]"
    ) { value in
      guard case .table(let table) = value else { return [] }
      return try table.array.map { item in
        if case .bytes(let name) = item {
          let word = String(decoding: name, as: UTF8.self)
          guard let kind = RegionKind(rawValue: word) else {
            let names = RegionKind.allCases.map(\.rawValue)
            throw ArgumentMismatch(Spelling.unknown("kind", word, among: names))
          }
          return .kind(kind)
        }
        return .range(try AddressRange(item))
      }
    }
  }
}
