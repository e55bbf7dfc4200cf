import LuaHost
import MemoryModel
import RemoteMemory

/// The options of `diff`.
struct DiffSettings {
  let filter: RegionFilter
  let cells: DiffCellOptions
  let work: DiffWork

  /// What to compare of two memories that do not change.
  func options(_ progress: @escaping (ScanProgress) -> Bool) -> DiffOptions {
    let budget = work.memory.map { MemoryBudget(limit: $0) } ?? .standard
    return DiffOptions(
      format: cells.format, step: cells.step, filter: filter, alignment: cells.alignment,
      equalPointers: cells.equalPointers, unchanged: cells.unchanged,
      scan: ScanOptions(threads: work.threads, budget: budget, progress: progress))
  }

  static var parameter: Parameter<DiffSettings> {
    Parameter<(RegionFilter, DiffCellOptions, DiffWork)>.optionGroups(
      "what to compare, and how", .regionFilter("where; by default all that both hold"),
      DiffCellOptions.parameter, DiffWork.parameter
    ).map(DiffSettings.init)
  }

  private init(_ filter: RegionFilter, _ cells: DiffCellOptions, _ work: DiffWork) {
    self.filter = filter
    self.cells = cells
    self.work = work
  }
}

/// What is compared with what.
struct DiffCellOptions {
  let format: ScalarFormat?
  let step: Int?
  let leastChange: Double?
  let alignment: DiffOptions.Alignment
  let equalPointers: Bool
  let unchanged: Bool

  static var parameter: Parameter<DiffCellOptions> {
    Parameter<(ScalarFormat?, Int?, Double?, String, Bool, Bool)>.options(
      "what",
      .optional("type", .scalar, "compare cells of this type; by default single bytes"),
      .optional(
        "step", ArgumentType<Int>.count("step", from: 1, upTo: 1 << 20),
        "cells lie at multiples of so many bytes; by default the size of the type"),
      .optional("min_change", .number, "leave out what has changed by less, up or down"),
      Parameter<String>(
        "align", .word(DiffOptions.Alignment.allCases.map(\.rawValue)),
        "what goes together: the same address, or the same place in a module, heap or stack",
        default: "address", "\"address\""),
      Parameter<Bool>(
        "equal_pointers", .boolean,
        "with align=\"modules\": pointers to what goes together are equal", default: false),
      Parameter<Bool>(
        "unchanged", .boolean, "the cells that have stayed the same instead", default: false)
    ).map(DiffCellOptions.init)
  }

  private init(
    _ format: ScalarFormat?, _ step: Int?, _ leastChange: Double?, _ alignment: String,
    _ equalPointers: Bool, _ unchanged: Bool
  ) throws {
    if let leastChange, !(leastChange >= 0) {
      throw ArgumentMismatch("min_change must be at least 0, got \(leastChange)")
    }
    self.format = format
    self.step = step
    self.leastChange = leastChange
    self.alignment = DiffOptions.Alignment(rawValue: alignment) ?? .address
    self.equalPointers = equalPointers
    self.unchanged = unchanged
  }
}

/// How a diff is carried out.
struct DiffWork {
  let pauses: Bool
  let threads: Int?
  let memory: Int?
  let progress: KeptFunction?

  static var parameter: Parameter<DiffWork> {
    Parameter<(Bool, Int?, Int?, KeptFunction?)>.options(
      "how",
      Parameter<Bool>(
        "paused", .boolean, "freeze a live process while it is captured", default: false),
      SearchWork.threads,
      SearchWork.memory("the cells"),
      SearchWork.progress
    ).map(DiffWork.init)
  }

  private init(_ pauses: Bool, _ threads: Int?, _ memory: Int?, _ progress: KeptFunction?) {
    self.pauses = pauses
    self.threads = threads
    self.memory = memory
    self.progress = progress
  }
}
