import LuaHost
import MemoryModel
import RemoteMemory

/// What a plan read at one moment; values are decoded when they are asked for.
public final class ValuesObject {
  /// The plan they were read by.
  let plan: PlanObject
  private(set) var result: ScatterResult
  /// The places whose paths were broken, and why.
  private var broken: [Int: RemoteMemoryError]

  init(_ plan: PlanObject, _ result: ScatterResult) {
    self.plan = plan
    self.result = result
    broken = plan.broken
  }

  var names: ItemNames { plan.names }

  /// The value of a place, or why there is none.
  func outcome(at index: Int) -> ScatterOutcome {
    broken[index].map { .failure($0) } ?? result.outcome(at: index)
  }

  /// Whether all could be read.
  var isComplete: Bool { broken.isEmpty && result.isComplete }

  /// Reads all places anew, where the plan has found them.
  func refresh() throws(RemoteMemoryError) {
    broken = plan.broken
    if result.plan === plan.plan {
      try result.refresh()
    } else {
      result = try plan.plan.read(from: plan.handle.source)
    }
  }
}

extension PVMModule {
  static var valuesClass: ClassDeclaration {
    ClassDeclaration(
      ValuesObject.self, "pvm.values",
      "What a plan read: `values.name`, `values[i]`. A place that could not be read is nil.",
      [
        [
          .item(ResultType<ScatterOutcome?>.outcome("the i-th value; nil: outside, or it failed")) {
            (object: ValuesObject, index: Int64) in
            guard index >= 1, index <= object.names.numbered else { return nil }
            return object.outcome(at: Int(index) - 1)
          },
          .method(
            "get", "Take a value by its name, also one that is called like a method.",
            Parameter("name", .text, "as in the plan"),
            returns: .outcome("the value; nil when it could not be read"),
            about: About(
              example: """
                local v = game:scatter{ table={gold,"i32"} }:read()
                print(v:get("table"))  --> 250
                """)
          ) { (_, object: ValuesObject, name: String) in
            guard let index = object.names.positions[name] else {
              throw ScriptFailure.badArgument(
                2, Spelling.unknown("place", name, among: object.names.named))
            }
            return object.outcome(at: index)
          },
          .method(
            "table", "All values as a plain table with the keys of the plan.",
            returns: .written(
              ResultText("values", annotation: "table", note: "failed ones are absent")),
            about: About(
              example: """
                local all = game:scatter{ hp={health,"i32"}, gold={gold,"i32"} }:read():table()
                print(all.hp, all.gold)  --> 100 250
                """)
          ) { (call, object: ValuesObject) in
            call.reply.table(
              arrayCount: object.names.numbered, recordCount: object.names.named.count
            ) { reply in
              for index in 0..<object.names.count {
                let outcome = object.outcome(at: index)
                if case .failure = outcome { continue }
                object.names.write(index, as: reply)
                outcome.write(to: reply)
              }
            }
          },
          .method(
            "faults", "The errors of the places that could not be read.",
            returns: .written(
              ResultText(
                "faults", annotation: "table<any, pvm.error>?",
                note: "by the keys of the plan; nil when all was read")),
            about: About(
              example: """
                local v = game:scatter{ good={gold,"i32"}, bad={0x10,"i32"} }:read()
                print(v.good, v.bad, v:faults().bad.code)  --> 250 nil EFAULT
                """)
          ) { (call, object: ValuesObject) in
            guard !object.isComplete else { return call.reply.null() }
            call.reply.table { reply in
              for index in 0..<object.names.count {
                guard case .failure(let error) = object.outcome(at: index) else { continue }
                object.names.write(index, as: reply)
                reply.error(error)
              }
            }
          },
          .metamethod("__len", .count("how many numbered values")) { (_, object: ValuesObject) in
            object.names.numbered
          },
          .metamethod("__tostring", .text("one line about it")) { (_, object: ValuesObject) in
            "pvm.values of \(object.names.count) places"
              + (object.isComplete ? "" : ", some unreadable")
          },
          .unknownField { (call, object: ValuesObject, name: String) in
            guard let index = object.names.positions[name] else {
              throw ScriptFailure.misuse(
                Spelling.unknown("place", name, among: object.names.named) + " of a plan")
            }
            object.outcome(at: index).write(to: call.reply)
          },
        ]
      ])
  }
}

extension ScatterOutcome {
  /// nil for a failure.
  func write(to reply: Reply) {
    switch self {
    case .scalar(let value): value.write(to: reply)
    case .array(let values):
      reply.table(arrayCount: values.count) { reply in
        for value in values { value.write(to: reply) }
      }
    case .bytes(let bytes): reply.bytes(bytes)
    case .text(let text): reply.bytes(text.text)
    case .failure: reply.null()
    }
  }
}

extension ResultType where Value == ScatterOutcome? {
  static func outcome(_ note: String) -> ResultType<ScatterOutcome?> {
    ResultType("value", annotation: "any", note) { call, outcome in
      if let outcome { outcome.write(to: call.reply) } else { call.reply.null() }
    }
  }
}
