import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Steps that choose among cells.
  static var diffFilters: [Declaration] {
    [
      change("increased", "Keep the cells whose value is greater than it was.", .increased),
      change("decreased", "Keep the cells whose value is less than it was.", .decreased),
      changeBy("increased_by", "Keep the cells whose value has grown by so much.") {
        .increasedBy($0, tolerance: $1)
      },
      changeBy("decreased_by", "Keep the cells whose value has shrunk by so much.") {
        .decreasedBy($0, tolerance: $1)
      },
      .method(
        "changed_by", "Keep the cells whose value has grown by something from low to high.",
        Parameter("low", .scalarValue, "the least growth; negative for shrinking"),
        Parameter("high", .scalarValue, "the greatest growth"),
        returns: diffs("those that are left"),
        about: About(fails: scanErrors, example: example("changed_by(-9, -1)"))
      ) { (_, object: DiffObject, low: ScalarValue, high: ScalarValue) -> DiffObject in
        object.with(try object.diff.keeping(.byBetween(low, high)))
      },
      .method(
        "percent", "Keep the cells whose value has changed by low to high percent of what it was.",
        Parameter("low", .number, "the least change; negative for less"),
        Parameter("high", .number, "the greatest change"),
        returns: diffs("those that are left"),
        about: About(fails: scanErrors, example: example("percent(-99, -1)"))
      ) { (_, object: DiffObject, low: Double, high: Double) -> DiffObject in
        object.with(try object.diff.keeping(.percent(low, high)))
      },
      .method(
        "at_least", "Keep the cells whose value has changed by at least so much, up or down.",
        Parameter("n", .number, "how much"),
        returns: diffs("those that are left"),
        about: About(
          fails: scanErrors, example: example("at_least(5)"), seeAlso: ["process.diff"])
      ) { (_, object: DiffObject, least: Double) -> DiffObject in
        object.with(try object.diff.keeping(atLeast: least))
      },
      .method(
        "pointers", "Keep the cells that were and are pointers, or are 0 before or after.",
        returns: diffs("those that are left"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            print(#before:diff(game, {type="ptr"}):pointers() >= 0)  --> true
            """,
          notes: """
            The old value points into what was mapped then, and the new one into what is mapped now. \
            For cells as wide as a pointer.
            """)
      ) { (_, object: DiffObject) -> DiffObject in object.with(try object.diff.pointers()) },
      .method(
        "where", "Keep the cells that lie in some mappings of the later memory.",
        .regionFilter("which mappings"),
        returns: diffs("those that are left"),
        about: About(fails: scanErrors, example: example(#"where{perms="rw"}"#))
      ) { (_, object: DiffObject, filter: RegionFilter) -> DiffObject in
        object.with(try object.diff.inRegions(filter))
      },
    ]
  }

  /// Cells of two diffs.
  static var diffSets: [Declaration] {
    [
      set(
        "minus", "The cells that the other diff does not have: what changed then and only then.",
        "#changed:minus(noise) <= #changed"
      ) { try $0.minus($1) },
      set(
        "intersection", "The cells that both diffs have.",
        "#changed:intersection(noise) <= #changed"
      ) { try $0.intersection($1) },
      set("union", "The cells that either diff has.", "#changed:union(noise) >= #changed") {
        try $0.union($1)
      },
    ]
  }

  private static func example(_ call: String) -> String {
    """
    local before = game:snapshot{perms="rw"}
    game:write_i32(health, game:read_i32(health) - 5)
    print(before:diff(game, {type="i32"}):\(call):at(health).new)  --> 95
    """
  }

  private static func change(_ name: String, _ summary: String, _ change: ValueChange)
    -> Declaration
  {
    .method(
      name, summary, returns: diffs("those that are left"),
      about: About(
        fails: scanErrors,
        example: """
          local before = game:snapshot{perms="rw"}
          local d = before:diff(game, {type="i32"})
          print(#d:\(name)() <= #d)  --> true
          """, seeAlso: ["diff.increased_by", "diff.at_least"])
    ) { (_, object: DiffObject) -> DiffObject in object.with(try object.diff.keeping(change)) }
  }

  private static func changeBy(
    _ name: String, _ summary: String, _ change: @escaping (ScalarValue, Double?) -> ValueChange
  ) -> Declaration {
    .method(
      name, summary, Parameter("n", .scalarValue, "how much"),
      Parameter<Double?>.optional("tolerance", .number, "by how much that may be off"),
      returns: diffs("those that are left"),
      about: About(
        fails: scanErrors,
        example: """
          local before = game:snapshot{perms="rw"}
          local d = before:diff(game, {type="i32"})
          print(#d:\(name)(5) <= #d)  --> true
          """,
        notes: "Integers by exactly so much, wrapping in their width.")
    ) { (_, object: DiffObject, step: ScalarValue, tolerance: Double?) -> DiffObject in
      object.with(try object.diff.keeping(change(step, tolerance)))
    }
  }

  private static func set(
    _ name: String, _ summary: String, _ example: String,
    _ combine: @escaping (Diff, Diff) throws -> Diff
  ) -> Declaration {
    .method(
      name, summary, Parameter("other", .object("pvm.diff"), "a diff of the same type"),
      returns: diffs("old values are this one's"),
      about: About(
        fails: scanErrors,
        example: """
          local a = game:snapshot{perms="rw"}
          local b = game:snapshot{perms="rw"}
          local c = game:snapshot{perms="rw"}
          local changed, noise = a:diff(b), b:diff(c)
          print(\(example))  --> true
          """, notes: "Cells are the same by their addresses in the later memory of each.")
    ) { (_, object: DiffObject, other: DiffObject) -> DiffObject in
      object.with(try combine(object.diff, other.diff))
    }
  }
}
