import MemoryModel

/// Writes what differs in one pass: what touches, by one write.
struct FreezeCorrector {
  private let process: RemoteProcess
  /// Those that could not be written, and why.
  private(set) var failures: [(Freeze, RemoteMemoryError)] = []
  /// What is to be written next.
  private var run: [Freeze] = []
  private var bytes: [UInt8] = []
  private var mapping: WritableMapping?

  init(_ process: RemoteProcess) { self.process = process }

  /// Takes the next place, in rising order, and what it is to hold.
  mutating func add(_ freeze: Freeze, _ correction: [UInt8]) throws(RemoteMemoryError) {
    freeze.state.resisted += 1
    if !touches(freeze) { try finish() }
    run.append(freeze)
    bytes += correction
  }

  /// Whether it can be written together with those before it: it lies right behind them, on the same
  /// page, since what crosses pages takes a write with a way back.
  private func touches(_ freeze: Freeze) -> Bool {
    guard let first = run.first, first.options == freeze.options else { return false }
    let count = UInt64(bytes.count + freeze.byteCount)
    return first.address.offset(by: Int64(bytes.count)) == freeze.address
      && count <= first.address.bytesToBoundary(of: System.pageSize)
  }

  /// Writes what was taken.
  /// - Throws: when the process has ended or runs another program.
  mutating func finish() throws(RemoteMemoryError) {
    guard let first = run.first else { return }
    defer {
      run.removeAll(keepingCapacity: true)
      bytes.removeAll(keepingCapacity: true)
    }
    do throws(RemoteMemoryError) {
      try process.write(bytes, to: first.address, options: first.options, knowing: &mapping)
    } catch {
      if error.isLoss { throw error }
      failures += run.map { ($0, error) }
      return
    }
    for freeze in run { freeze.state.writes += 1 }
  }
}
