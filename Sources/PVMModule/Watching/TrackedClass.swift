import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of values that changed while they were tracked.
  static var trackedClass: ClassDeclaration {
    ClassDeclaration(
      TrackedObject.self, "pvm.tracked", "A value that changed while it was tracked, and how.",
      [
        [
          .field("address", .address("first byte")) { (o: TrackedObject) in o.cell.address },
          .field("type", .text("the name of its type", name: "type")) { (o: TrackedObject) in
            o.cell.kind.format.name
          },
          .field(
            "behaviour",
            .text("counter, rising, falling, toggling, once or noisy", name: "behaviour")
          ) { (o: TrackedObject) in o.cell.behaviour.rawValue },
          .field("first", .scalar("at the first sample")) { (o: TrackedObject) in o.cell.first },
          .field("last", .scalar("at the last sample")) { (o: TrackedObject) in o.cell.last },
          .field("low", .scalar("the least value")) { (o: TrackedObject) in o.cell.low },
          .field("high", .scalar("the greatest value")) { (o: TrackedObject) in o.cell.high },
          .field("changes", .count("in how many samples it was another", name: "changes")) {
            (o: TrackedObject) in o.cell.changes
          },
          .field("rises", .count("in how many of these it was greater", name: "rises")) {
            (o: TrackedObject) in o.cell.rises
          },
          .field("falls", .count("in how many of these it was less", name: "falls")) {
            (o: TrackedObject) in o.cell.falls
          },
          .field("step", .number("how far it moved at a change, on average", name: "step")) {
            (o: TrackedObject) in o.cell.meanStep
          },
          .field("sparkline", .text("how it went: ▁▂▃▄▅▆▇█", name: "sparkline")) {
            (o: TrackedObject) in sparkline(o.cell.points)
          },
          .field("cell", .object("pvm.cell", "the place itself, to read, write, watch")) {
            (o: TrackedObject) in
            CellObject(
              handle: o.handle, address: o.cell.address, format: o.cell.kind.format,
              encoding: o.cell.kind.encoding)
          },
          .metamethod("__tostring", .text("one line about it")) { (_, o: TrackedObject) in
            o.cell.columns.joined(separator: "  ")
          },
        ]
      ])
  }
}
