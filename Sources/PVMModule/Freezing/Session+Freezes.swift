import LuaHost
import RemoteMemory

extension Session {
  /// Starts a freeze, and keeps it until it ends, whether or not the script does.
  func freeze(_ cell: CellObject, _ arguments: FreezeArguments) throws -> FreezeObject {
    let freeze = try cell.freeze(arguments)
    freezes.append(freeze)
    return freeze
  }

  /// Ends a freeze.
  func release(_ freeze: FreezeObject) {
    freeze.freeze.release()
    freezes.removeAll { $0 === freeze }
  }

  /// Those that go on, in the order they were made.
  var activeFreezes: [FreezeObject] { freezes.filter(\.freeze.isActive) }

  /// Asks the functions of freezes what to hold, and says once which processes have taken theirs with
  /// them.
  func tendFreezes(_ call: borrowing Call) throws {
    tellOfLostFreezes()
    for freeze in freezes { try freeze.follow(in: call) }
  }

  private func tellOfLostFreezes() {
    let ended = freezes.filter { !$0.freeze.isActive }
    guard !ended.isEmpty else { return }
    freezes.removeAll { !$0.freeze.isActive }
    var told: [RemoteProcess] = []
    for freeze in ended {
      guard case .lost(let error) = freeze.freeze.end else { continue }
      let process = freeze.freeze.process
      guard !told.contains(where: { $0 === process }) else { continue }
      told.append(process)
      let count = ended.count { $0.freeze.process === process }
      let what =
        count == 1
        ? "a freeze of \(process.label) has" : "\(count) freezes of \(process.label) have"
      tell?("\(what) ended: \(error.message)")
    }
  }
}
