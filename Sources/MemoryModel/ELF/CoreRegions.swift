/// The regions of a core that does not list them itself: those of the kernel and of gdb.
///
/// A segment is a region, cut where the files it maps begin and end. The names the kernel gives in
/// proc_pid_maps(5) are told from what the program was told at its start: `[vdso]` and `[stack]` by
/// addresses in the auxiliary vector; `[heap]` is the writable memory without a file that follows
/// the program within a GiB, as the kernel places it.
struct CoreRegions {
  private static let heapDistance: UInt64 = 1 << 30
  private static let vsyscall: UInt64 = 0xFFFF_FFFF_FF60_0000

  private let source: CoreLayout.Source
  private let loads: RangeMarks<ELFProgramHeader>
  private let files: RangeMarks<CoreMappedFile>

  init(
    _ source: CoreLayout.Source, _ loads: RangeMarks<ELFProgramHeader>,
    _ files: RangeMarks<CoreMappedFile>
  ) {
    self.source = source
    self.loads = loads
    self.files = files
  }

  /// All regions, in no particular order.
  var all: [Region] {
    var regions: [Region] = []
    for (range, segment) in zip(loads.ranges, loads.marks) {
      for piece in files.pieces(of: range) {
        regions.append(region(piece, segment.permissions))
      }
    }
    // gdb leaves out mappings of files it need not store; nobody says what was permitted there.
    for (range, file) in zip(files.ranges, files.marks) {
      for piece in loads.pieces(of: range) where piece.index == nil {
        let skip = piece.range.start.rawValue &- range.start.rawValue
        regions.append(
          Region(
            range: piece.range, permissions: .read, offset: file.offset &+ skip,
            nameBytes: file.name))
      }
    }
    regions.sort { $0.start < $1.start }
    name(&regions)
    return regions
  }

  private func region(
    _ piece: RangeMarks<CoreMappedFile>.Piece, _ permissions: Permissions
  ) -> Region {
    guard let index = piece.index else {
      return Region(range: piece.range, permissions: permissions)
    }
    let file = files.marks[index]
    return Region(
      range: piece.range, permissions: permissions, offset: file.offset &+ piece.skip,
      nameBytes: file.name)
  }

  private func name(_ regions: inout [Region]) {
    let told = source.auxiliaryVector
    if let vdso = told[AuxiliaryVector.vdso] { name(&regions, at: vdso, "[vdso]") }
    for kind in [AuxiliaryVector.programPath, AuxiliaryVector.random] {
      if let place = told[kind] { name(&regions, at: place, "[stack]", where: .write) }
    }
    if source.machine == 62 { name(&regions, at: Self.vsyscall, "[vsyscall]") }
    if let heap = heap(regions) { rename(&regions, heap, "[heap]") }
  }

  /// Names the region at an address, unless it has a name or lacks a permission.
  private func name(
    _ regions: inout [Region], at address: UInt64, _ name: StaticString,
    where permissions: Permissions = []
  ) {
    let place = Address(address)
    let found = regions.firstIndex {
      $0.range.contains(place) && $0.nameBytes.isEmpty && $0.permissions.isSuperset(of: permissions)
    }
    if let found { rename(&regions, found, name) }
  }

  private func rename(_ regions: inout [Region], _ index: Int, _ name: StaticString) {
    regions[index] = Region(
      range: regions[index].range, permissions: regions[index].permissions,
      nameBytes: Array(name.description.utf8))
  }

  /// The heap: behind the last mapping of the program and the unnamed data that touches it.
  private func heap(_ regions: [Region]) -> Int? {
    let told = source.auxiliaryVector
    guard let entry = told[AuxiliaryVector.programHeaders] ?? told[AuxiliaryVector.entry],
      let program = regions.first(where: { $0.range.contains(Address(entry)) }),
      !program.nameBytes.isEmpty,
      let last = regions.lastIndex(where: { $0.nameBytes == program.nameBytes })
    else { return nil }
    var index = last &+ 1
    if index < regions.count, regions[index].start == regions[last].end,
      regions[index].nameBytes.isEmpty
    {
      index &+= 1
    }
    guard index < regions.count else { return nil }
    let region = regions[index]
    let distance = region.start.rawValue &- regions[index &- 1].end.rawValue
    guard region.nameBytes.isEmpty, region.permissions.isSuperset(of: [.read, .write]),
      distance <= Self.heapDistance
    else { return nil }
    return index
  }
}
