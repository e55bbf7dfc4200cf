import MemoryModel

/// A place of a process, what it held and what a patch puts there.
struct PatchedPlace {
  let address: Address
  let old: [UInt8]
  let new: [UInt8]
  let options: WriteOptions

  init(address: Address, old: [UInt8], new: [UInt8], options: WriteOptions) {
    self.address = address
    self.old = old
    self.new = new
    self.options = options
  }

  /// A place that a journal tells of. Whether a file was changed was decided when it was written.
  init(_ place: JournalPlace) {
    self.init(
      address: place.address, old: place.old, new: place.new,
      options: PatchOptions(isForced: place.isForced, sharedFile: true).writeOptions)
  }

  var range: AddressRange { AddressRange(start: address, count: UInt64(old.count)) }

  /// What became of a place that was to hold its old bytes again.
  enum Return {
    case restored, unchanged
    /// Somebody else wrote there, or nothing is mapped there any more; it was left alone.
    case changed
  }

  /// Puts the old bytes back if ours are there, and reads them back.
  func putBack(in process: RemoteProcess) throws(RemoteMemoryError) -> Return {
    let part = try process.readPartial(at: address, count: old.count)
    let current = part.bytes
    guard part.error == nil else { return .changed }
    if current == old { return .unchanged }
    guard isOurs(current) else { return .changed }
    try process.writeBytes(old, at: address, options: options)
    return try process.readBytes(at: address, count: old.count) == old ? .restored : .changed
  }

  /// Whether these are the new bytes. A program that was killed while it wrote can leave some pages
  /// with the old ones.
  func isOurs(_ current: [UInt8]) -> Bool {
    if current == new { return true }
    var start = 0
    while start < current.count {
      let rest = address.offset(by: Int64(start)).bytesToBoundary(of: System.pageSize)
      let end = min(current.count, start + Int(rest))
      guard current[start..<end] == new[start..<end] || current[start..<end] == old[start..<end]
      else { return false }
      start = end
    }
    return true
  }
}
