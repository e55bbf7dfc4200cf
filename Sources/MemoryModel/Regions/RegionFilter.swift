/// Which regions are wanted. What is nil or empty asks nothing; everything else must hold.
public struct RegionFilter: Hashable, Sendable {
  /// One thing to leave out.
  public enum Exclusion: Hashable, Sendable {
    /// Regions that share a byte with this range.
    case range(AddressRange)
    /// Regions of this kind.
    case kind(RegionKind)
  }

  /// What the permissions must be.
  public var permissions: PermissionFilter?
  /// The wanted kinds.
  public var kinds: Set<RegionKind>
  /// What the path or special name must look like.
  public var file: NamePattern?
  /// The module the regions must belong to, by any name `RegionMap.module(named:)` understands.
  public var module: String?
  /// The window of addresses; a region passes, whole, when it shares a byte with it.
  public var range: AddressRange?
  /// The least size of a region in bytes.
  public var minimumSize: UInt64?
  /// The greatest size of a region in bytes.
  public var maximumSize: UInt64?
  /// What to leave out.
  public var exclusions: [Exclusion]

  /// A filter; by default every region passes.
  public init(
    permissions: PermissionFilter? = nil, kinds: Set<RegionKind> = [], file: NamePattern? = nil,
    module: String? = nil, range: AddressRange? = nil, minimumSize: UInt64? = nil,
    maximumSize: UInt64? = nil, exclusions: [Exclusion] = []
  ) {
    self.permissions = permissions
    self.kinds = kinds
    self.file = file
    self.module = module
    self.range = range
    self.minimumSize = minimumSize
    self.maximumSize = maximumSize
    self.exclusions = exclusions
  }

  /// Whether a region passes, apart from `module`, which takes the whole map to decide.
  public func matches(_ region: Region) -> Bool {
    if let permissions, !permissions.matches(region.permissions) { return false }
    if !kinds.isEmpty, !kinds.contains(region.kind) { return false }
    if let range, !range.overlaps(region.range) { return false }
    if let minimumSize, region.range.count < minimumSize { return false }
    if let maximumSize, region.range.count > maximumSize { return false }
    if let file, !file.matches(region.nameBytes) { return false }
    return !exclusions.contains { exclusion in
      switch exclusion {
      case .range(let range): range.overlaps(region.range)
      case .kind(let kind): kind == region.kind
      }
    }
  }
}

extension RegionMap {
  /// The regions that pass the filter.
  ///
  /// A module that is not there leaves nothing; one that could be several leaves the regions of
  /// each.
  public func filtered(_ filter: RegionFilter) -> RegionMap {
    var candidates = regions
    if let name = filter.module {
      candidates = module(named: name).candidates.flatMap(\.regions)
    }
    var map = RegionMap(candidates.filter(filter.matches))
    map.imageEnds = imageEnds
    return map
  }
}
