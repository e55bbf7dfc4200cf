import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Steps that compare with earlier values.
  static var hitsChanges: [Declaration] {
    [
      change("changed", "Keep the hits whose value is not what it was.", .changed),
      change("unchanged", "Keep the hits whose value is what it was.", .unchanged),
      change("increased", "Keep the hits whose value is greater than it was.", .increased),
      change("decreased", "Keep the hits whose value is less than it was.", .decreased),
      change(
        "not_increased", "Keep the hits whose value is what it was or less.", .notIncreased),
      change(
        "not_decreased", "Keep the hits whose value is what it was or greater.", .notDecreased),
      changeBy("increased_by", "Keep the hits whose value has grown by so much.") {
        .increasedBy($0, tolerance: $1)
      },
      changeBy("decreased_by", "Keep the hits whose value has shrunk by so much.") {
        .decreasedBy($0, tolerance: $1)
      },
      .method(
        "changed_by", "Keep the hits whose value has grown by something from low to high.",
        Parameter("low", .scalarValue, "the least growth; negative for shrinking"),
        Parameter("high", .scalarValue, "the greatest growth"),
        sinceOptions,
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example: #"print(#game:scan("i32", {unknown=true, kind="heap"}):changed_by(-5, -1) >= 0)"#
        )
      ) {
        (
          call, object: HitsObject, low: ScalarValue, high: ScalarValue, since: Since
        ) -> HitsObject in try call.refine(object, .byBetween(low, high), since)
      },
      .method(
        "percent", "Keep the hits whose value has changed by low to high percent of what it was.",
        Parameter("low", .number, "the least change; negative for less"),
        Parameter("high", .number, "the greatest change"),
        sinceOptions,
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example: #"print(#game:scan("i32", {unknown=true, kind="heap"}):percent(-20, -1) >= 0)"#)
      ) {
        (call, object: HitsObject, low: Double, high: Double, since: Since) -> HitsObject in
        try call.refine(object, .percent(low, high), since)
      },
      .method(
        "compare", "Keep the hits that have changed in some way since another step.",
        Parameter("with", .earlierHits, "\"first\", or any result of the same process"),
        Parameter("how", .word(ChangeName.allCases.map(\.rawValue)), "what is to hold"),
        Parameter<ScalarValue?>.optional("low", .scalarValue, "by how much, where that is asked"),
        Parameter<ScalarValue?>.optional("high", .scalarValue, "up to how much"),
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example: """
            local hits = game:scan("i32", {unknown=true, kind="heap"}):unchanged()
            print(#hits:compare("first", "unchanged") <= #hits)  --> true
            """)
      ) {
        (
          call, object: HitsObject, with: EarlierHits, how: String, low: ScalarValue?,
          high: ScalarValue?
        ) -> HitsObject in
        let change = try ChangeName(rawValue: how)?.change(low, high) ?? .changed
        return try call.refine(object, change, Since(with, nil, nil))
      },
      .method(
        "refresh", "The same hits with the values they have now; what went is left out.",
        returns: hits("all that can still be read"),
        about: About(
          fails: scanErrors,
          example: #"print(#game:scan("i32", game:read_i32(health)):refresh() > 0)  --> true"#)
      ) { (call, object: HitsObject) -> HitsObject in
        try call.refine(object) { try $0.refreshed(progress: $1) }
      },
    ]
  }

  private static func change(_ name: String, _ summary: String, _ change: ValueChange)
    -> Declaration
  {
    .method(
      name, summary, sinceOptions, returns: hits("those that are left"),
      about: About(
        fails: scanErrors, source: ["process_vm_readv(2)"],
        example: """
          local hits = game:scan("i32", {unknown=true, kind="heap"})
          print(#hits:\(name)() <= #hits)  --> true
          """,
        notes: change == .changed || change == .unchanged
          ? """
          Compares bits: a NaN is unchanged when its bits are. For patterns, text and structs: \
          whether they are still there.
          """ : nil,
        seeAlso: ["hits.next", "hits.compare", "hits.increased_by"])
    ) { (call, object: HitsObject, since: Since) -> HitsObject in
      try call.refine(object, change, since)
    }
  }

  private static func changeBy(
    _ name: String, _ summary: String, _ change: @escaping (ScalarValue, Double?) -> ValueChange
  ) -> Declaration {
    .method(
      name, summary, Parameter("n", .scalarValue, "how much"), sinceOptions,
      returns: hits("those that are left"),
      about: About(
        fails: scanErrors,
        example: """
          local hits = game:scan("i32", {unknown=true, kind="heap"})
          print(#hits:\(name)(0) <= #hits)  --> true
          """,
        notes: """
          Integers by exactly so much, wrapping in their width; reals as closely as their rounding \
          lets one tell, or within `tolerance`.
          """)
    ) { (call, object: HitsObject, step: ScalarValue, since: Since) -> HitsObject in
      try call.refine(object, change(step, since.tolerance), since)
    }
  }

  private static var sinceOptions: Parameter<Since> {
    Parameter<(EarlierHits?, Double?, KeptFunction?)>.options(
      "compared with what",
      .optional(
        "since", .earlierHits,
        "\"first\", or any result of the same process; by default the step before"),
      .optional("tolerance", .number, "by how much may be off by so much"),
      .optional(
        "progress", .function(signature: SearchWork.progressSignature), SearchWork.progressNote)
    ).map(Since.init)
  }
}

/// What a change is told against.
struct Since {
  let other: EarlierHits?
  let tolerance: Double?
  let progress: KeptFunction?

  init(_ other: EarlierHits?, _ tolerance: Double?, _ progress: KeptFunction?) {
    self.other = other
    self.tolerance = tolerance
    self.progress = progress
  }
}

/// A step whose values count.
enum EarlierHits {
  case first
  case other(HitsObject)
}

extension ArgumentType where Value == EarlierHits {
  /// "first", or other hits.
  static var earlierHits: ArgumentType<EarlierHits> {
    ArgumentType(
      "\"first\" or hits", annotation: "\"first\"|pvm.hits", choices: ["first"]
    ) { call, index in
      guard call.kind(at: index) == .string else {
        return .other(try ArgumentType<HitsObject>.object("pvm.hits").read(call, index))
      }
      _ = try ArgumentType<String>.word(["first"]).read(call, index)
      return .first
    }
  }
}

/// The changes that `compare` knows, by name.
enum ChangeName: String, CaseIterable {
  case changed, unchanged, increased, decreased, percent
  case notIncreased = "not_increased"
  case notDecreased = "not_decreased"
  case increasedBy = "increased_by"
  case decreasedBy = "decreased_by"
  case changedBy = "changed_by"

  func change(_ low: ScalarValue?, _ high: ScalarValue?) throws -> ValueChange {
    switch self {
    case .changed: return .changed
    case .unchanged: return .unchanged
    case .increased: return .increased
    case .decreased: return .decreased
    case .notIncreased: return .notIncreased
    case .notDecreased: return .notDecreased
    case .increasedBy: return .increasedBy(try needed(low, 4))
    case .decreasedBy: return .decreasedBy(try needed(low, 4))
    case .changedBy: return .byBetween(try needed(low, 4), try needed(high, 5))
    case .percent: return .percent(try number(low, 4), try number(high, 5))
    }
  }

  private func needed(_ value: ScalarValue?, _ index: Int32) throws -> ScalarValue {
    guard let value else {
      throw ScriptFailure.badArgument(index, "a number is expected for \(rawValue)")
    }
    return value
  }

  private func number(_ value: ScalarValue?, _ index: Int32) throws -> Double {
    switch try needed(value, index) {
    case .integer(let value): return Double(value)
    case .unsigned(let value): return Double(value)
    case .real(let value): return value
    case .boolean: throw ScriptFailure.badArgument(index, "number expected, got boolean")
    }
  }
}

extension Call {
  /// A step that compares with earlier values.
  fileprivate func refine(_ object: HitsObject, _ change: ValueChange, _ since: Since) throws
    -> HitsObject
  {
    try refine(object, since.progress) { hits, progress in
      let other: Hits? =
        switch since.other {
        case .first?: hits.first
        case .other(let other)?: other.hits
        case nil: nil
        }
      return try hits.compared(change, with: other, progress: progress)
    }
  }
}
