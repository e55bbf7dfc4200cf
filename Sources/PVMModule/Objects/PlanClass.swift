import LuaHost
import MemoryModel
import RemoteMemory

/// A compiled plan: typed places with their names, and the process they lie in.
public final class PlanObject {
  let handle: ProcessHandle
  let plan: ScatterPlan
  let names: ItemNames

  init(handle: ProcessHandle, plan: ScatterPlan, names: ItemNames) {
    self.handle = handle
    self.plan = plan
    self.names = names
  }
}

extension PVMModule {
  static var planClass: ClassDeclaration {
    ClassDeclaration(
      PlanObject.self, "pvm.plan", "Typed places that are read and written together.",
      [
        [
          .method(
            "read", "Read all places, in as few system calls as possible.",
            Parameter<ValuesObject?>.optional(
              "values", .object("pvm.values"),
              "an earlier result of this plan, to be filled anew; saves making another"),
            returns: .written(
              ResultText(
                "values", annotation: "pvm.values",
                note: "the values as they were; each may have failed")),
            about: About(
              fails: accessErrors + ["ENOMEM"], source: ["process_vm_readv(2)"],
              example: """
                local plan = game:scatter{ {health,"i32"}, {gold,"i32"} }
                local v = plan:read()
                print(v[1], v[2], v:faults())
                plan:read(v)
                """)
          ) { (call, object: PlanObject, earlier: ValuesObject?) in
            guard let earlier else {
              let values = try object.read()
              return call.reply.object(values, weight: values.result.byteCount)
            }
            try object.read(into: earlier)
            call.reply.argument(2)
          },
          .method(
            "write", "Write some of the places; each has an outcome of its own.",
            Parameter("values", .table, "new values by the keys of the plan"),
            writeOptions,
            returns: .written(
              ResultText("written", annotation: "integer", note: "how many places were written"),
              ResultText(
                "faults", annotation: "table<any, pvm.error>?",
                note: "the error of each place that was not; nil when there is none")),
            about: About(
              fails: accessErrors + ["EREADONLY"], source: ["process_vm_writev(2)"],
              example: """
                local plan = game:scatter{ hp={health,"i32"} }
                print(plan:write{ hp=100 })  --> 1 nil
                """)
          ) { (call, object: PlanObject, values: LuaValue, options: WriteOptions) in
            try write(values, to: object, options, reply: call.reply)
          },
          .metamethod("__len", .count("how many places")) { (_, object: PlanObject) in
            object.names.count
          },
          .metamethod("__tostring", .text("one line about it")) { (_, object: PlanObject) in
            "pvm.plan of \(object.names.count) places in \(object.handle.source.label)"
          },
        ]
      ])
  }

  private static func write(
    _ values: LuaValue, to object: PlanObject, _ options: WriteOptions, reply: Reply
  ) throws {
    let changes = try object.changes(values)
    let outcomes = try object.plan.write(changes, to: object.handle.source, options: options)
    let failed = zip(changes, outcomes).filter { $1 != nil }
    reply.integer(Int64(outcomes.count - failed.count))
    guard !failed.isEmpty else { return reply.null() }
    reply.table { reply in
      for (change, error) in failed {
        guard let error else { continue }
        object.names.write(change.index, as: reply)
        reply.error(error)
      }
    }
  }
}

extension PlanObject {
  fileprivate func read() throws -> ValuesObject {
    ValuesObject(names: names, result: try plan.read(from: handle.source))
  }

  fileprivate func read(into earlier: ValuesObject) throws {
    guard earlier.result.plan === plan else {
      throw ScriptFailure.badArgument(2, "these are the values of another plan")
    }
    try earlier.result.refresh()
  }

  /// What a table of new values asks to be written where.
  fileprivate func changes(_ values: LuaValue) throws -> [(index: Int, value: ScatterValue)] {
    guard case .table(let table) = values else { return [] }
    let listed = table.array.enumerated().map { (key: LuaValue.integer(Int64($0 + 1)), value: $1) }
    var changes: [(index: Int, value: ScatterValue)] = []
    for (key, value) in listed + table.others {
      if case .null = value { continue }
      guard let number = key.wholeNumber, number >= 1, number <= names.numbered else {
        let word = key.wholeNumber.map { "\($0)" } ?? "a \(key.typeName)"
        throw ScriptFailure.badArgument(2, "the plan has no place \(word)")
      }
      changes.append(try change(Int(number) - 1, value, "\(number)"))
    }
    for (name, value) in table.fields {
      guard let index = names.positions[name] else {
        throw ScriptFailure.badArgument(2, Spelling.unknown("place", name, among: names.named))
      }
      changes.append(try change(index, value, name))
    }
    return changes
  }

  private func change(
    _ index: Int, _ value: LuaValue, _ key: String
  ) throws -> (index: Int, value: ScatterValue) {
    if case .text = plan.items[index].element, case .bytes(let text) = value {
      return (index, .text(text))
    }
    return (index, try ScatterValue(value, key))
  }
}

extension ScatterValue {
  fileprivate init(_ value: LuaValue, _ key: String) throws {
    if let scalar = ScalarValue(value) {
      self = .scalar(scalar)
      return
    }
    switch value {
    case .bytes(let bytes): self = .bytes(bytes)
    case .table(let table):
      self = .array(
        try table.array.map { item in
          guard let scalar = ScalarValue(item) else {
            throw ScriptFailure.badArgument(2, "'\(key)' holds a \(item.typeName)")
          }
          return scalar
        })
    default: throw ScriptFailure.badArgument(2, "'\(key)' is a \(value.typeName)")
    }
  }
}
