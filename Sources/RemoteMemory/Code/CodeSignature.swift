public import MemoryModel

/// A pattern that finds some code again, in another run and, as long as the code itself stays, in
/// another build of the program.
public struct CodeSignature: Hashable, Sendable {
  /// The bytes, without the bits that hold distances and addresses.
  public let pattern: BytePattern
  /// Where it was made, and the only place where it stands.
  public let address: Address
  /// Where it stands nowhere else: the module's name, or the regions that were asked for.
  public let scope: String
  /// How many bytes were searched for a second place.
  public let searchedBytes: UInt64
}

extension MemorySource {
  /// The shortest pattern that stands at an address and nowhere else.
  ///
  /// Distances of 4 bytes to other code and data are left open, and so are numbers that are
  /// addresses of something mapped.
  ///
  /// - Parameters:
  ///   - address: the first byte of an instruction.
  ///   - set: which instructions.
  ///   - lengths: how many bytes the pattern may have, within 1 to 1024.
  ///   - filter: where it must stand nowhere else; nil for the module that holds the address, or
  ///     where there is none the region.
  /// - Throws: `ENOENT` when so many bytes also stand elsewhere, `EINVAL` where no instruction is,
  ///   `EFAULT` where nothing can be read, and what `Disassembler.init` throws.
  public func signature(
    of address: Address, as set: InstructionSet, lengths: ClosedRange<Int> = 1...64,
    in filter: RegionFilter? = nil
  ) throws(RemoteMemoryError) -> CodeSignature {
    let lengths = lengths.clamped(to: 1...1024)
    let map = try regionMap()
    let code = try MaskedCode(
      of: self, at: address, as: set, map: map, maximumBytes: lengths.upperBound)
    let scope = SignatureScope(map, around: address, filter)
    var search = try SignatureSearch(self, code, at: address)
    for stretch in scope.stretches { try search.look(through: stretch) }
    try confirm()
    return try search.signature(lengths, in: scope)
  }
}

/// Where a signature must be the only one.
struct SignatureScope {
  /// What to call it: a module's name.
  let name: String
  /// What to read; regions that touch are one.
  private(set) var stretches: [AddressRange] = []

  init(_ map: RegionMap, around address: Address, _ filter: RegionFilter?) {
    let regions: [Region]
    if let filter {
      regions = map.filtered(filter).regions
      name = "what was asked for"
    } else if let module = map.module(containing: address) {
      regions = module.regions
      name = module.name
    } else {
      regions = map.region(containing: address).map { [$0] } ?? []
      name = "its region"
    }
    for region in regions where region.permissions.contains(.read) {
      if let last = stretches.last, last.end == region.start {
        stretches[stretches.count - 1] = AddressRange(start: last.start, end: region.end)
      } else {
        stretches.append(region.range)
      }
    }
  }
}
