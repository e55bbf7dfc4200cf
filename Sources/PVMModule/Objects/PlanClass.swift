import LuaHost
import MemoryModel
import RemoteMemory

/// A compiled plan: typed places with their names, and the process they lie in.
public final class PlanObject {
  let handle: ProcessHandle
  /// The plan for the places as they were last found.
  private(set) var plan: ScatterPlan
  let names: ItemNames
  /// What lies at each place.
  let elements: [ScatterItem.Element]
  /// The paths that lead to places, and which they are.
  private let routes: [(index: Int, path: AddressPath)]
  /// The places whose paths are broken, and why.
  private(set) var broken: [Int: RemoteMemoryError] = [:]

  init(handle: ProcessHandle, _ request: ScatterRequest) throws(RemoteMemoryError) {
    self.handle = handle
    plan = try ScatterPlan(request.items, for: handle.source)
    names = request.names
    elements = request.items.map(\.element)
    routes = request.routes
  }

  /// Follows all paths; only when one leads elsewhere now is a new plan made.
  func follow() throws(RemoteMemoryError) {
    if routes.isEmpty { return }
    let ends = try handle.source.resolveAll(routes.map(\.path))
    var items = plan.items
    broken = [:]
    for (route, end) in zip(routes, ends) {
      switch end {
      case .address(let address):
        items[route.index] = ScatterItem(address: address, element: elements[route.index])
      case .broken(let place):
        items[route.index] = ScatterItem(address: .zero, element: .bytes(count: 0))
        broken[route.index] = place.error
      }
    }
    if items != plan.items { plan = try ScatterPlan(items, for: handle.source) }
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
    try object.follow()
    let reachable = changes.filter { object.broken[$0.index] == nil }
    let outcomes = try object.plan.write(reachable, to: object.handle.source, options: options)
    let failed =
      changes.compactMap { change in object.broken[change.index].map { (change, Optional($0)) } }
      + zip(reachable, outcomes).filter { $1 != nil }.map { ($0, $1) }
    reply.integer(Int64(changes.count - failed.count))
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
    try follow()
    return ValuesObject(self, try plan.read(from: handle.source))
  }

  fileprivate func read(into earlier: ValuesObject) throws {
    guard earlier.plan === self else {
      throw ScriptFailure.badArgument(2, "these are the values of another plan")
    }
    try follow()
    try earlier.refresh()
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
    if case .text = elements[index], case .bytes(let text) = value {
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
