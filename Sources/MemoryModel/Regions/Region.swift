/// One mapping of a process: a range of addresses with one set of permissions and one origin, as
/// proc_pid_maps(5) lists it.
public struct Region: Hashable, Sendable {
  /// The addresses.
  public let range: AddressRange
  /// What the target may do there. Readable here does not promise that a read from outside
  /// succeeds.
  public let permissions: Permissions
  /// Where in the mapped file the range starts, in bytes.
  public let offset: UInt64
  /// The major number of the device that holds the mapped file; 0 for none and for the kernel's own
  /// file systems.
  public let deviceMajor: UInt32
  /// The minor number of that device.
  public let deviceMinor: UInt32
  /// The number of the mapped file on its device; 0 for none.
  public let inode: UInt64
  /// The path or special name as the bytes it is; empty for none. A path may hold any byte but 0,
  /// also newlines.
  public let nameBytes: [UInt8]
  /// What the mapping is for.
  public let kind: RegionKind

  /// A region; its kind is told from the name, the permissions and the device.
  public init(
    range: AddressRange, permissions: Permissions, offset: UInt64 = 0, deviceMajor: UInt32 = 0,
    deviceMinor: UInt32 = 0, inode: UInt64 = 0, nameBytes: [UInt8] = []
  ) {
    self.init(
      range: range, permissions: permissions, offset: offset, deviceMajor: deviceMajor,
      deviceMinor: deviceMinor, inode: inode, nameBytes: nameBytes,
      kind: RegionKind.of(name: nameBytes, permissions: permissions, deviceMajor: deviceMajor))
  }

  /// A region whose kind is known already.
  init(
    range: AddressRange, permissions: Permissions, offset: UInt64, deviceMajor: UInt32,
    deviceMinor: UInt32, inode: UInt64, nameBytes: [UInt8], kind: RegionKind
  ) {
    self.range = range
    self.permissions = permissions
    self.offset = offset
    self.deviceMajor = deviceMajor
    self.deviceMinor = deviceMinor
    self.inode = inode
    self.nameBytes = nameBytes
    self.kind = kind
  }

  /// The first address.
  @inlinable public var start: Address { range.start }
  /// The address after the last byte.
  @inlinable public var end: Address { range.end }

  /// The name as one printable line; empty for none. Control characters and bytes that are not
  /// UTF-8 are escaped.
  public var displayName: String { printable(nameBytes) }

  /// Whether the kernel says that the mapped file has no path any more; a file may also merely be
  /// called so.
  public var isNamedDeleted: Bool { nameBytes.hasSuffix(" (deleted)") }

  /// The same region from `start` on; used where two listings overlap.
  func trimmed(from start: Address) -> Region {
    part(AddressRange(start: start, end: range.end))
  }

  /// What of the region lies in a window; nil for nothing.
  public func clipped(to window: AddressRange) -> Region? {
    range.intersection(window).map(part)
  }

  /// The same region with a part of its range.
  private func part(_ range: AddressRange) -> Region {
    let skipped = range.start.rawValue &- self.range.start.rawValue
    return Region(
      range: range, permissions: permissions,
      offset: kind == .anonymous ? offset : offset &+ skipped, deviceMajor: deviceMajor,
      deviceMinor: deviceMinor, inode: inode, nameBytes: nameBytes, kind: kind)
  }
}

extension Region: CustomStringConvertible {
  /// `0x1000-0x2000 rw-p [heap]`.
  public var description: String {
    let name = displayName
    return "\(range) \(permissions)" + (name.isEmpty ? "" : " " + name)
  }
}
