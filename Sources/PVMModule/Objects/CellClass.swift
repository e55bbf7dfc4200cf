import LuaHost
import MemoryModel
import RemoteMemory

/// A typed place in a process.
public final class CellObject {
  let handle: ProcessHandle
  let address: Address
  let format: ScalarFormat

  init(handle: ProcessHandle, address: Address, format: ScalarFormat) {
    self.handle = handle
    self.address = address
    self.format = format
  }
}

extension PVMModule {
  static var cellClass: ClassDeclaration {
    ClassDeclaration(
      CellObject.self, "pvm.cell", "A typed place in a process.",
      [
        [
          .field("value", .scalar("what is there now, read anew each time")) { (cell: CellObject) in
            try cell.handle.source.readScalar(cell.format, at: cell.address)
          },
          .assignment("value", .scalarValue, "what to write there") {
            (cell: CellObject, value: ScalarValue) in
            try cell.handle.source.writeScalar(value, as: cell.format, at: cell.address)
          },
          .field("address", .address("first byte")) { (cell: CellObject) in cell.address },
          .field("type", .text("the name of its type", name: "type")) { (cell: CellObject) in
            cell.format.name
          },
          .metamethod("__tostring", .text("place, type and value")) { (_, cell: CellObject) in
            let value = try? cell.handle.source.readScalar(cell.format, at: cell.address)
            return
              "\(cell.format.name) at \(cell.address): \(value.map { "\($0)" } ?? "unreadable")"
          },
        ]
      ])
  }
}
