internal import CLuaBridge

/// What a state holds.
public struct MemoryUsage: Equatable, Sendable {
  /// Bytes held by Lua and by replies under way, now and at most.
  public var bytesNow, bytesPeak: Int
  /// Requests for new or larger memory so far.
  public var allocations: UInt64
  /// Handles that are open, and replies not delivered.
  public var openHandles, parcels: Int
}

extension LuaState {
  public var memoryUsage: MemoryUsage {
    guard let pointer = unsafe pointer else {
      return MemoryUsage(bytesNow: 0, bytesPeak: 0, allocations: 0, openHandles: 0, parcels: 0)
    }
    let usage = unsafe pvl_measure(pointer)
    return MemoryUsage(
      bytesNow: usage.bytes_now, bytesPeak: usage.bytes_peak, allocations: usage.allocations,
      openHandles: Int(usage.open_handles), parcels: Int(usage.parcels))
  }

  /// A new cap in bytes; nil: none.
  public func setMemoryLimit(_ bytes: Int?) {
    if let pointer = unsafe pointer { unsafe pvl_set_memory_limit(pointer, bytes ?? 0) }
  }

  /// From now on the n-th allocation and its retry fail; nil switches it off. For tests.
  public func failAllocation(_ n: UInt64?) {
    if let pointer = unsafe pointer { unsafe pvl_fail_allocation(pointer, n ?? 0) }
  }
}
