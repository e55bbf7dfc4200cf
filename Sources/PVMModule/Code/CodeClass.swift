import LuaHost
import MemoryModel
import RemoteMemory

/// Instructions of a process as a script holds them.
public final class CodeObject {
  let handle: ProcessHandle
  let instructions: [Instruction]

  init(handle: ProcessHandle, instructions: [Instruction]) {
    self.handle = handle
    self.instructions = instructions
  }
}

extension PVMModule {
  static var codeClass: ClassDeclaration {
    ClassDeclaration(
      CodeObject.self, "pvm.code", "Instructions as they stood in memory, from 1 to #code.",
      [
        [
          .item(
            ResultType<LuaValue>.value(
              "table?",
              """
              {address=, size=, bytes=, text=, mnemonic=, operands=, flow=, target=, memory=}; nil: \
              outside. `flow` is "next", "jump", "branch" (a jump on a condition), "call", "return" or \
              "bad"; `target` where it goes, `memory` the address it names, both nil where registers \
              decide
              """,
              name: "instruction")
          ) { (object: CodeObject, index: Int64) in
            guard index >= 1, index <= object.instructions.count else { return .null }
            return object.instructions[Int(index) - 1].luaValue
          },
          .field("size", .count("bytes of all together", name: "size")) { (object: CodeObject) in
            object.instructions.reduce(0) { $0 + $1.bytes.count }
          },
          .field("bytes", .bytes("all of them", name: "bytes")) { (object: CodeObject) in
            object.instructions.flatMap(\.bytes)
          },
          .metamethod("__len", .count("how many instructions")) { (_, object: CodeObject) in
            object.instructions.count
          },
          .metamethod("__tostring", .text("a line for each: address, bytes, text, what it names")) {
            (_, object: CodeObject) in object.text
          },
        ]
      ])
  }
}

extension Instruction {
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("address", .integer(address.luaInteger)), ("size", .integer(Int64(bytes.count))),
      ("bytes", .bytes(bytes)), ("text", .text(text)), ("mnemonic", .text(mnemonic)),
      ("operands", .text(operands)), ("flow", .text(flow.rawValue)),
    ]
    if let branchTarget { fields.append(("target", .integer(branchTarget.luaInteger))) }
    if let memoryTarget { fields.append(("memory", .integer(memoryTarget.luaInteger))) }
    return .table(LuaTable(fields))
  }
}

extension CodeObject {
  private static let mostLines = 1000

  /// A listing. Places are named by their modules while the process is there to be asked.
  fileprivate var text: String {
    let names = try? PlaceNames(of: handle.source)
    let rows = instructions.prefix(Self.mostLines).map { instruction in
      let named = instruction.target.flatMap { names?.name(of: $0) }
      return [
        "\(instruction.address)", names?.name(of: instruction.address) ?? "",
        Self.digits(instruction.bytes), instruction.text + (named.map { "  ; \($0)" } ?? ""),
      ]
    }
    let rest = instructions.count - rows.count
    let more = rest > 0 ? ["... \(rest) more"] : []
    return (HitsObject.aligned(Array(rows)) + more).joined(separator: "\n")
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
