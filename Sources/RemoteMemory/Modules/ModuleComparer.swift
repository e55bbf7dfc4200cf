import MemoryModel

/// Compares one mapped file with what lies in memory, once for each time that it is loaded.
struct ModuleComparer {
  let source: any MemorySource
  let map: RegionMap
  let file: ModuleFile

  /// The image of a file, and how far it is moved each time that it is loaded.
  private struct Loaded {
    let image: ProgramImage
    let distances: [UInt64]
  }

  /// Why nothing can be compared.
  private enum Obstacle: Error {
    /// It is no program, so that nobody expects a comparison.
    case noProgram
    case reason(String)
  }

  /// Adds what was found.
  /// - Parameter wasNamed: whether the module was asked for, so that even a file of data is told of.
  func compare(into comparison: inout ModuleComparison, wasNamed: Bool)
    throws(RemoteMemoryError)
  {
    guard let first = file.regions.first else { return }
    if !wasNamed, !file.hasCode, !(try beginsAsPE()) { return }
    var report = ModuleReport(name: file.name, pathBytes: file.pathBytes, base: first.start)
    guard let disk = ProgramFile.open(first, of: source) else {
      report.skipped = "its file is gone, was replaced, or may not be opened"
      comparison.modules.append(report)
      return
    }
    switch try load(disk) {
    case .failure(.noProgram):
      guard wasNamed else { return }
      report.skipped = "it is not mapped as a program"
      comparison.modules.append(report)
    case .failure(.reason(let text)):
      report.skipped = text
      comparison.modules.append(report)
    case .success(let loaded):
      for distance in loaded.distances {
        let start = loaded.image.parts.map(\.address).min() ?? 0
        let place = map.region(containing: Address(start &+ distance))?.start ?? first.start
        var pass = try ImagePass(
          source: source, map: map, disk: disk, image: loaded.image, distance: distance,
          report: ModuleReport(name: file.name, pathBytes: file.pathBytes, base: place))
        try pass.run(into: &comparison)
        comparison.modules.append(pass.report)
      }
    }
  }

  /// Reads what the file says, and finds where it is loaded.
  private func load(_ disk: ProgramFile) throws(RemoteMemoryError) -> Result<Loaded, Obstacle> {
    let read: FileReader = { disk.bytes($0, $1) }
    let magic = disk.bytes(0, 4)
    if magic == [0x7F, 0x45, 0x4C, 0x46] { return try loadELF(disk, read) }
    guard magic.starts(with: [0x4D, 0x5A]) else { return .failure(.noProgram) }
    do throws(ImageError) {
      let image = try PEImage(read)
      let distances = distances(of: image)
      guard !distances.isEmpty else { return .failure(.noProgram) }
      return .success(Loaded(image: try image.program(read), distances: distances))
    } catch {
      return .failure(.reason("its file \(error)"))
    }
  }

  private func loadELF(_ disk: ProgramFile, _ read: @escaping FileReader)
    throws(RemoteMemoryError) -> Result<Loaded, Obstacle>
  {
    let image: ELFImage
    do throws(ELFSyntaxError) { image = try ELFImage(read) } catch {
      return .failure(.reason("its file \(error)"))
    }
    let distances = distances(of: image)
    guard let first = distances.first else { return .failure(.noProgram) }
    if !disk.isCertain, !(try isSame(image, disk, distance: first)) {
      return .failure(.reason("the file of that name is another one than was loaded"))
    }
    do throws(ImageError) {
      return .success(Loaded(image: try image.program(read), distances: distances))
    } catch {
      return .failure(.reason("its file \(error)"))
    }
  }

  /// Whether memory holds the headers and notes of this file, and so the same build of it.
  private func isSame(_ image: ELFImage, _ disk: ProgramFile, distance: UInt64)
    throws(RemoteMemoryError) -> Bool
  {
    let format = image.header.format
    let headers = AddressRange(
      start: Address(0),
      count: image.header.programHeaderOffset == UInt64(ELFHeader.byteCount(format))
        ? image.header.programHeaderOffset
          + UInt64(image.programHeaders.count * ELFProgramHeader.byteCount(format))
        : UInt64(ELFHeader.byteCount(format)))
    let notes = image.programHeaders.filter { $0.type == ELFProgramHeader.note }.map {
      AddressRange(start: Address($0.offset), count: min($0.fileByteCount, 4096))
    }
    for stretch in [headers] + notes {
      guard
        let address = image.programHeaders.first(where: {
          $0.type == ELFProgramHeader.load && $0.offset <= stretch.start.rawValue
            && stretch.start.rawValue - $0.offset < $0.fileByteCount
        }).map({ $0.address &+ (stretch.start.rawValue - $0.offset) &+ distance })
      else { continue }
      let there = try source.readPartial(at: Address(address), count: Int(stretch.count)).bytes
      if there != disk.bytes(stretch.start.rawValue, Int(stretch.count)) { return false }
    }
    return true
  }

  /// How far an ELF file is moved, for each time that it is loaded: where most of its segments lie
  /// as it says.
  private func distances(of image: ELFImage) -> [UInt64] {
    let segments = image.programHeaders.filter {
      $0.type == ELFProgramHeader.load && $0.fileByteCount > 0
    }.prefix(64)
    var matches: [UInt64: Int] = [:]
    var order: [UInt64] = []
    for region in file.regions.prefix(4096) {
      for segment in segments {
        guard segment.offset >= region.offset,
          segment.offset - region.offset < region.range.count
        else { continue }
        let start = region.start.rawValue &+ (segment.offset - region.offset)
        let distance = start &- segment.address
        guard distance % System.pageSize == 0, matches[distance] == nil,
          image.header.fileType != ELFHeader.program || distance == 0
        else { continue }
        matches[distance] = segments.count { isMapped($0, distance) }
        order.append(distance)
      }
    }
    guard let most = matches.values.max(), most > 0 else { return [] }
    return order.filter { distance in
      matches[distance] == most && segments.contains { isRunnable($0, distance) }
    }
  }

  /// Whether the first byte of a segment is mapped where it would lie.
  private func isMapped(_ segment: ELFProgramHeader, _ distance: UInt64) -> Bool {
    let place = Address(segment.address &+ distance)
    guard let region = map.region(containing: place), let own = file.regions.first,
      region.fileKey == own.fileKey
    else { return false }
    return region.offset &+ (place.rawValue - region.start.rawValue) == segment.offset
  }

  /// Whether a segment of code can be run where it would lie.
  private func isRunnable(_ segment: ELFProgramHeader, _ distance: UInt64) -> Bool {
    guard segment.flags & 1 != 0 else { return false }
    let range = AddressRange(
      start: Address(segment.address &+ distance), count: segment.memoryByteCount)
    return map.regions(overlapping: range).contains { $0.permissions.contains(.execute) }
  }

  /// How far a PE file is moved, for each time that it is loaded: where its headers are mapped and
  /// its code can be run.
  private func distances(of image: PEImage) -> [UInt64] {
    let code = image.sections.filter { $0.isExecutable && $0.byteCount > 0 }
    guard !code.isEmpty, UInt64(image.sectionAlignment) >= System.pageSize else { return [] }
    return file.regions.filter { $0.offset == 0 }.compactMap { header in
      let isLoaded = code.allSatisfy { section in
        let place = header.start.offset(by: Int64(section.address))
        guard let region = map.region(containing: place), region.permissions.contains(.execute)
        else { return false }
        // Sections that do not begin on a page of the file are copied into memory of their own.
        if region.fileKey != header.fileKey { return region.start > header.start }
        let offset = region.offset &+ (place.rawValue - region.start.rawValue)
        return offset == UInt64(section.offset)
      }
      return isLoaded ? header.start.rawValue &- image.preferredAddress : nil
    }
  }

  /// Whether a mapping of the file's beginning is that of a PE file.
  private func beginsAsPE() throws(RemoteMemoryError) -> Bool {
    for region in file.regions where region.offset == 0 && region.permissions.contains(.read) {
      if try source.readPartial(at: region.start, count: 2).bytes == [0x4D, 0x5A] { return true }
    }
    return false
  }
}
