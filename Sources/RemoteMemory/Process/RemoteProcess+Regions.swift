import CProcessVM
public import MemoryModel

extension RemoteProcess {
  /// What is mapped at this moment, as proc_pid_maps(5) lists it; it may be out of date at once.
  public func regionMap() throws(RemoteMemoryError) -> RegionMap {
    try checkOpen(.map)
    for _ in 0..<8 {
      let text = try mapsText()
      switch text.isEmpty ? .threadEnded : checkIdentity() {
      case .same: return try parse(text)
      case .lost: throw lost(.map)
      case .threadEnded:
        if hasEnded || !route.changeOver() { throw lost(.map) }
      }
    }
    throw lost(.map)
  }

  private func mapsText() throws(RemoteMemoryError) -> [UInt8] {
    switch ProcFile.bytes(mapsPath) {
    case .success(let text): return text
    case .failure(.noSuchFile), .failure(.noSuchProcess): return []
    case .failure(let errno): throw refusal(.map, errno)
    }
  }

  private func parse(_ text: [UInt8]) throws(RemoteMemoryError) -> RegionMap {
    do {
      return try RegionMap(mapsText: text)
    } catch {
      throw RemoteMemoryError(
        .map, .system, process: id, detail: "the maps file reads oddly: \(error)")
    }
  }

  /// An error for bytes that could not be read or written, which names the mapping nearby.
  public func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .fault, process: id, address: address, requestedBytes: requestedBytes,
      completedBytes: completedBytes, errno: .badAddress, detail: surroundings(of: address))
  }

  /// Where an unreadable address lies, in words.
  private func surroundings(of address: Address) -> String {
    if let here = try? region(at: address) {
      return "in \(here.messageName) \(here.permissions), which cannot be read"
    }
    // The kernel answers no query about [vsyscall], which lies in its own half.
    if address.rawValue >> 63 == 1, let here = try? regionMap().region(containing: address) {
      return "in \(here.displayName) \(here.permissions), which cannot be read"
    }
    guard address.rawValue > 0, let below = try? region(at: address.offset(by: -1))
    else { return "not mapped" }
    return "not mapped, past the end of \(below.messageName)"
  }
}
