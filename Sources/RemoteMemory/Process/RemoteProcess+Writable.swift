public import MemoryModel

extension RemoteProcess {
  /// Throws unless the target itself may write every page of the range, or it may be forced, and no
  /// file on disk would change unasked.
  /// - Parameter known: a mapping that was found good; the last one that was is put there.
  func checkWritable(
    _ address: Address, _ count: Int, _ options: WriteOptions, known: inout AddressRange?
  ) throws(RemoteMemoryError) {
    guard let last = address.adding(UInt64(count - 1)) else {
      throw notWritable(address, Address(.max), count, "the range passes the end of all addresses")
    }
    if let known, known.contains(address), known.contains(last) { return }
    var place = address
    while true {
      guard let region = try region(at: place, named: false) else {
        var error = fault(.write, at: place, requestedBytes: count, completedBytes: 0)
        error.start = address
        throw error
      }
      try check(region, address, place, count, options)
      if region.range.contains(last) {
        known = region.range
        return
      }
      place = region.end
    }
  }

  /// The same for a single range.
  func checkWritable(_ address: Address, _ count: Int, _ options: WriteOptions)
    throws(RemoteMemoryError)
  {
    var known: AddressRange?
    try checkWritable(address, count, options, known: &known)
  }

  private func check(
    _ region: Region, _ start: Address, _ place: Address, _ count: Int, _ options: WriteOptions
  ) throws(RemoteMemoryError) {
    let isForced = options.forced && !region.permissions.contains(.shared)
    guard region.permissions.contains(.write) || isForced else {
      let region = try self.region(at: place) ?? region
      throw notWritable(
        start, place, count,
        "\(region.messageName) at \(region.start) is not writable (\(region.permissions))"
      )
    }
    guard region.permissions.contains(.shared), !options.sharedFile,
      let named = try self.region(at: place), named.kind == .file
    else { return }
    var error = notWritable(start, place, count, named.displayName)
    error.cause = .sharedFile
    error.errno = nil
    throw error
  }

  private func notWritable(_ start: Address, _ place: Address, _ count: Int, _ detail: String)
    -> RemoteMemoryError
  {
    var error = RemoteMemoryError(
      .write, .notWritable, process: id, address: place, requestedBytes: count,
      errno: .badAddress, detail: detail)
    error.start = start
    return error
  }

  /// The mapping that holds `address` at this moment, with its name; nil when nothing is mapped
  /// there.
  public func region(at address: Address) throws(RemoteMemoryError) -> Region? {
    try region(at: address, named: true)
  }

  /// Looking up the name takes the kernel longer than all the rest; without it the kind means
  /// nothing.
  private func region(at address: Address, named: Bool) throws(RemoteMemoryError) -> Region? {
    try checkOpen(.map)
    if let mappings {
      counters.countCall()
      switch mappings.mapping(at: address.rawValue, named: named) {
      case .mapping(let region): return region
      case .nothing: return nil
      case .lost: throw lost(.map)
      case .unsupported: break
      }
    }
    return try regionMap().region(containing: address)
  }
}
