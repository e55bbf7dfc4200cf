public import MemoryModel

extension MemorySource {
  /// A struct by its name in the source, from debug information, and those that its pointers lead to.
  /// - Returns: nil where no debug information tells of a struct of the name.
  /// - Throws: `E2BIG` where it is larger than a layout may be.
  public func structType(named name: String) throws(RemoteMemoryError)
    -> (type: StructType, catalog: TypeCatalog)?
  {
    guard case .record(let first)? = try debugType(named: name) else { return nil }
    var catalog = TypeCatalog()
    var waiting = first.pointedNames
    var seen: Set<String> = [name]
    let type = try structType(first, name)
    catalog.add(type)
    // What lies behind the pointers of a program may be all of it: so many are enough.
    while let next = waiting.popLast(), seen.count < 256 {
      guard seen.insert(next).inserted, case .record(let record)? = try debugType(named: next),
        let found = try? structType(record, next)
      else { continue }
      catalog.add(found)
      waiting += record.pointedNames
    }
    return (type, catalog)
  }

  private func structType(_ record: DebugRecord, _ name: String) throws(RemoteMemoryError)
    -> StructType
  {
    do throws(StructLayoutError) {
      let layout = try StructLayout(record, for: pointerWidth)
      return StructType(
        name: name, narrow: pointerWidth == .four ? layout : nil,
        wide: pointerWidth == .eight ? layout : nil)
    } catch {
      throw RemoteMemoryError(.type, .tooLarge, process: processID, detail: "\(name): \(error)")
    }
  }
}

extension DebugRecord {
  /// The names of the records that pointers in it lead to.
  fileprivate var pointedNames: [String] { members.flatMap { $0.type.pointedNames } }
}

extension DebugType {
  fileprivate var pointedNames: [String] {
    switch self {
    case .pointer(let name?): [name]
    case .array(let part, _, _): part.pointedNames
    case .record(let record): record.pointedNames
    default: []
    }
  }
}
