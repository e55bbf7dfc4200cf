import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Searches for more than one value at a time, and for pointers.
  static var structureMethods: [Declaration] {
    [
      .method(
        "find_struct", "Find structs by what is known of their fields.",
        Parameter(
          "fields", .recordPattern,
          "{size=, align=, [offset]={type, value, options...}, ...}; all must hold"),
        SearchSettings.parameter,
        returns: hits("where the structs start; each is a cell whose value is the bytes"),
        about: About(
          fails: scanErrors + ["ENOENT"], source: ["process_vm_readv(2)"],
          example: """
            local imps = game:find_struct({ size=64,
              [0x00] = {"u32", less=24},
              [0x04] = {"i32", between={100, 330}},
              [0x18] = {"ptr", to={"i32", game:read_i32(health)}, null=true},
              [0x20] = {"bytes", "'imp-'"},
            }, {range={entities, entities + 24 * 64}})
            print(#imps, imps[1].address == entities)  --> 24 true
            """,
          notes: """
            A field is {type, value}, or {type} with a comparison of `scan` such as between={1, 9}, and \
            perhaps more options of it such as digits=1; or {"bytes", pattern}, with patterns as in \
            `find`; or {"ptr"} with what is known of where it leads. A ptr with nothing else leads to \
            anything mapped. With inverted=true a field is what it would otherwise not be. Where \
            pointers lead is looked up after everything else. Refining the hits tests all fields anew. \
            The options of a ptr:
            \(PointerOptions.parameter.optionNotes)
            """,
          seeAlso: ["process.find_group", "process.references", "process.scan"])
      ) {
        (
          call, handle: ProcessHandle, pattern: RecordPattern, search: SearchSettings
        ) -> HitsObject in
        var pattern = pattern
        pattern.alignment = pattern.alignment ?? search.work.alignment
        return try call.search(handle, search.work) {
          try handle.source.findRecords(pattern, in: search.place.scope, options: $0)
        }
      },
      .method(
        "find_group", "Find values that lie near each other, as the fields of one struct do.",
        Parameter(
          "values", .groupItems,
          "2 to 12 of {type, value}, or {type} with a comparison of `scan`, such as less=5"),
        GroupSettings.parameter,
        returns: .groups,
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local hits, groups = game:find_group(
              { {"i32", game:read_i32(gold)}, {"i32", game:read_i32(health)}, {"f32", 1.0} },
              {within=64})
            print(hits:has(health), hits:has(gold))  --> true true
            for _, group in ipairs(groups) do
              if group[2] == health then print(group[1] - group[2]) end  --> 4
            end
            """,
          notes: """
            No two of the values share a byte; equal ones are found at as many places. There is one \
            group for each value that can be the lowest of one, the others as near to it as can be.
            """,
          seeAlso: ["process.find_struct", "process.scan"])
      ) {
        (
          call, handle: ProcessHandle, items: [GroupPattern.Item], settings: GroupSettings
        ) -> GroupAnswer in try call.findGroups(handle, items, settings)
      },
      .method(
        "references", "Find who points at an address, or into a range.",
        Parameter("address", .address, "what is pointed at"),
        ReferenceSettings.parameter,
        returns: hits("the pointers; the value of each is where it leads"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local pointers = game:references(player)
            print(#pointers >= 1, pointers[1].value == player)  --> true true
            local inside = game:references(player, {span=64})
            print(#inside >= #pointers)  --> true
            """,
          notes: """
            Pointers are looked for where `scan` looks for values: name perms="r" or a module to find \
            those in read-only data.
            """,
          seeAlso: ["process.find_struct", "process.resolve"])
      ) {
        (
          call, handle: ProcessHandle, address: Address, settings: ReferenceSettings
        ) -> HitsObject in
        let (place, work) = (settings.search.place, settings.search.work)
        return try call.search(handle, work) {
          try handle.source.findReferences(
            to: AddressRange(start: address, count: settings.byteCount),
            alignment: work.alignment, pointerWidth: settings.width, in: place.scope, options: $0)
        }
      },
    ]
  }
}

extension Call {
  fileprivate func findGroups(
    _ handle: ProcessHandle, _ items: [GroupPattern.Item], _ settings: GroupSettings
  ) throws -> GroupAnswer {
    var found: FoundGroups?
    let hits = try search(handle, settings.search.work) { options in
      let groups = try handle.source.findGroups(
        settings.pattern(items), limit: settings.nearness.limit, in: settings.search.place.scope,
        options: options)
      found = groups
      return groups.hits
    }
    return GroupAnswer(
      hits: hits, groups: found?.groups ?? [], isCutShort: found?.isCutShort ?? false)
  }
}

/// The options of `references`.
struct ReferenceSettings {
  let byteCount: UInt64
  let width: PointerWidth?
  let search: SearchSettings

  init(_ target: Target, _ place: SearchPlace, _ work: SearchWork) {
    byteCount = UInt64(target.byteCount)
    width = target.width
    search = SearchSettings(place: place, work: work)
  }

  static var parameter: Parameter<ReferenceSettings> {
    Parameter<(Target, SearchPlace, SearchWork)>.optionGroups(
      "what is pointed at, where and how to search", Target.parameter, SearchPlace.parameter,
      SearchWork.parameter
    ).map(ReferenceSettings.init)
  }

  /// What is pointed at, and by how much.
  struct Target {
    let byteCount: Int
    let width: PointerWidth?

    static var parameter: Parameter<Target> {
      Parameter<(Int, PointerWidth?)>.options(
        "",
        Parameter<Int>(
          "span", .count("span", from: 1, upTo: .max),
          "pointers to any of so many bytes from the address on", default: 1),
        .optional(
          "width", .pointerWidth, "bytes of a pointer, 4 or 8; by default as the process has them")
      ).map(Target.init)
    }
  }
}

extension ArgumentType where Value == PointerWidth {
  /// 4 or 8 bytes.
  static var pointerWidth: ArgumentType<PointerWidth> {
    ArgumentType<Int64>.integer.map("4 or 8") { bytes in
      switch bytes {
      case 4: return .four
      case 8: return .eight
      default: throw ArgumentMismatch("a pointer has 4 or 8 bytes, got \(bytes)")
      }
    }
  }
}
