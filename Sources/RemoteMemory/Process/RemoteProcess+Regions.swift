import CProcessVM
public import MemoryModel
import Synchronization

extension RemoteProcess {
  /// What is mapped at this moment, as proc_pid_maps(5) lists it; it may be out of date at once.
  ///
  /// As long as the list is the same, nothing of it is parsed and no header of a module read again.
  public func regionMap() throws(RemoteMemoryError) -> RegionMap {
    try checkOpen(.map)
    for _ in 0..<8 {
      let text = try mapsText()
      switch text.isEmpty ? .threadEnded : checkIdentity() {
      case .same: return try map(of: text)
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

  /// What a text of maps says: the same as last time, where it is the same text.
  private func map(of text: [UInt8]) throws(RemoteMemoryError) -> RegionMap {
    let last = lastMap.withLock { $0 }
    if let last, last.text == text { return last.map }
    var map = try parse(text)
    // The raw way of reading: the gentle one may want the map that is being made.
    unsafe map.findImageEnds(after: last?.map) { spans, room in
      unsafe spans.withUnsafeBufferPointer { spans in
        unsafe try? gather(spans, into: room, confirming: false)
      }
    }
    let made = map
    lastMap.withLock { $0 = KnownMap(text: text, map: made) }
    return map
  }

  private func parse(_ text: [UInt8]) throws(RemoteMemoryError) -> RegionMap {
    do {
      return try RegionMap(mapsText: text)
    } catch {
      throw RemoteMemoryError(
        .map, .system, process: id, detail: "the maps file reads oddly: \(error)")
    }
  }

  /// The modules as they were when last asked for, where they still hold for an address: one mapping
  /// is compared with what the kernel says of it now, which costs less than reading them all.
  public func moduleIndex(for address: Address) throws(RemoteMemoryError) -> ModuleIndex {
    if let known = moduleCache.lastIndex, let mappings,
      let region = known.map.region(containing: address)
    {
      try checkOpen(.map)
      counters.countCall()
      switch mappings.mapping(at: address.rawValue) {
      case .mapping(let now) where now.isSameMapping(as: region): return known
      case .lost: throw lost(.map)
      default: break
      }
    }
    return try moduleIndex()
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

/// A text of /proc/PID/maps, and what it says.
struct KnownMap: Sendable {
  let text: [UInt8]
  let map: RegionMap
}

extension Region {
  /// Whether both are the same part of the same file, as far as an answer without a name tells.
  fileprivate func isSameMapping(as other: Region) -> Bool {
    range == other.range && permissions == other.permissions && offset == other.offset
      && inode == other.inode && deviceMajor == other.deviceMajor
      && deviceMinor == other.deviceMinor
  }
}
