import CProcessVM
import MemoryModel

/// What a query for a mapping came to.
enum MappingAnswer {
  /// The mapping; without a name, and so with a kind that means nothing, unless the name was asked
  /// for.
  case mapping(Region)
  /// Nothing is mapped there, or from there on.
  case nothing
  /// The address space is gone: the process ended or runs another program.
  case lost
  /// The kernel does not have the request.
  case unsupported
}

/// PROCMAP_QUERY (Linux 6.11) on a descriptor of /proc/PID/maps.
struct MappingQuery {
  /// A descriptor of /proc/PID/maps.
  let maps: Int32

  /// The mapping that holds `address`, or the next one above it if `orNext`; with its name if
  /// `named`.
  func mapping(at address: UInt64, orNext: Bool = false, named: Bool = false) -> MappingAnswer {
    guard named else { return unsafe answer(address, orNext, name: nil, size: 0) }
    // The kernel keeps no path longer than a page.
    return unsafe withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { name in
      unsafe answer(address, orNext, name: name.baseAddress, size: UInt32(name.count))
    }
  }

  private func answer(
    _ address: UInt64, _ orNext: Bool, name: UnsafeMutableRawPointer?, size: UInt32
  ) -> MappingAnswer {
    var result = pvm_mapping_query()
    let flags = orNext ? UInt64(PVM_MAP_COVERING_OR_NEXT) : 0
    let status = unsafe pvm_query_mapping(maps, address, flags, name, size, &result)
    switch Errno(result: Int(status)) {
    case nil: return unsafe .mapping(Self.region(result, name: name))
    case .noSuchFile?: return .nothing
    case .noSuchProcess?: return .lost
    default: return .unsupported
    }
  }

  /// The size the kernel gives for a name counts its final zero byte. The flags are those of
  /// `Permissions`.
  private static func region(_ raw: pvm_mapping_query, name: UnsafeMutableRawPointer?) -> Region {
    var bytes: [UInt8] = []
    if let name = unsafe name, raw.name_size > 1 {
      unsafe bytes = Array(UnsafeRawBufferPointer(start: name, count: Int(raw.name_size) - 1))
    }
    return Region(
      range: AddressRange(start: Address(raw.start), end: Address(raw.end)),
      permissions: Permissions(rawValue: UInt8(raw.flags & 15)), offset: raw.offset,
      deviceMajor: raw.device_major, deviceMinor: raw.device_minor, inode: raw.inode,
      nameBytes: bytes)
  }
}

extension RemoteProcess {
  /// Queries for mappings; nil where they cannot be made.
  var mappings: MappingQuery? {
    maps.isOpen && !without.contains(.mappingQuery) ? MappingQuery(maps: maps.value) : nil
  }
}

extension Region {
  /// The name for a message: `anonymous memory` where there is none.
  var messageName: String { nameBytes.isEmpty ? "anonymous memory" : displayName }
}
