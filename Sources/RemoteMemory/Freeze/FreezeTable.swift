import Synchronization

/// All freezes of this program, whoever started them.
public enum FreezeTable {
  private static let engines = Mutex<[ObjectIdentifier: FreezeEngine]>([:])

  /// Ends every freeze; once this has returned nothing is written by any. From any thread.
  public static func releaseAll() {
    let all = engines.withLock { table in
      defer { table = [:] }
      return Array(table.values)
    }
    for engine in all { engine.close() }
  }

  /// The engine of a process, if it has one.
  static func current(for process: RemoteProcess) -> FreezeEngine? {
    engines.withLock { $0[ObjectIdentifier(process)] }
  }

  /// The engine of a process, made if there is none.
  static func engine(for process: RemoteProcess) throws(RemoteMemoryError) -> FreezeEngine {
    if let engine = current(for: process) { return engine }
    let candidate = try FreezeEngine(process)
    return engines.withLock { table in
      if let engine = table[ObjectIdentifier(process)] { return engine }
      table[ObjectIdentifier(process)] = candidate
      return candidate
    }
  }

  /// Forgets an engine that takes no freezes any more.
  static func remove(_ engine: FreezeEngine) {
    engines.withLock { table in
      let key = ObjectIdentifier(engine.process)
      if table[key] === engine { table[key] = nil }
    }
  }
}
