import CProcessVM
import MemoryModel

/// Goes through an image once, beside the memory it is loaded into.
@safe struct ImagePass {
  private static let blockByteCount = 256 << 10

  let source: any MemorySource
  let map: RegionMap
  let disk: ProgramFile
  let image: ProgramImage
  let distance: UInt64
  private(set) var report: ModuleReport
  private var recorder = PatchRecorder()
  /// What stands in the file, what ought to be in memory, and what is there.
  private let onDisk: Allocation
  private let expected: Allocation
  private let found: Allocation

  init(
    source: any MemorySource, map: RegionMap, disk: ProgramFile, image: ProgramImage,
    distance: UInt64, report: ModuleReport
  ) throws(RemoteMemoryError) {
    self.source = source
    self.map = map
    self.disk = disk
    self.image = image
    self.distance = distance
    self.report = report
    onDisk = try Allocation(byteCount: Self.blockByteCount, for: .compare)
    expected = try Allocation(byteCount: Self.blockByteCount, for: .compare)
    found = try Allocation(byteCount: Self.blockByteCount, for: .compare)
  }

  /// Compares all parts, and adds what differs.
  mutating func run(into comparison: inout ModuleComparison) throws(RemoteMemoryError) {
    for part in image.parts.sorted(by: { $0.address < $1.address }) {
      for stretch in stretches(of: part) { try compare(stretch) }
    }
    recorder.close()
    report.patchCount = recorder.count
    for found in recorder.patches {
      guard comparison.patches.count < ModuleComparison.mostPatches else { break }
      comparison.patches.append(patch(found))
    }
    if recorder.count > recorder.patches.count
      || comparison.patches.count == ModuleComparison.mostPatches
    {
      comparison.isComplete = false
    }
  }

  private func patch(_ difference: PatchRecorder.Difference) -> ModulePatch {
    ModulePatch(
      address: Address(difference.address &+ distance), byteCount: difference.byteCount,
      module: report.name, section: image.section(at: difference.address)?.name,
      fileOffset: difference.fileOffset, expected: difference.expected, found: difference.found)
  }

  /// What the loader wrote counts only where it is read-only by now.
  private func stretches(of part: ProgramImage.Part) -> [ProgramImage.Part] {
    guard part.isWrittenByLoader else { return [part] }
    let range = AddressRange(start: Address(part.address &+ distance), count: part.byteCount)
    return map.regions(overlapping: range).compactMap { region in
      guard !region.permissions.contains(.write), let inside = region.range.intersection(range)
      else { return nil }
      let skipped = inside.start.rawValue - range.start.rawValue
      return ProgramImage.Part(
        address: part.address &+ skipped, offset: part.offset &+ skipped, byteCount: inside.count,
        isWrittenByLoader: true, isWrittenByProgram: part.isWrittenByProgram)
    }
  }

  private mutating func compare(_ part: ProgramImage.Part) throws(RemoteMemoryError) {
    var done: UInt64 = 0
    while done < part.byteCount {
      if source.interrupt.isInterrupted {
        throw RemoteMemoryError(.compare, .interrupted, process: source.processID)
      }
      let wanted = Int(min(UInt64(Self.blockByteCount), part.byteCount - done))
      let count = unsafe disk.read(onDisk.bytes[..<wanted], from: part.offset &+ done)
      // A file that ends early has no more to compare with.
      guard count > 0 else { return }
      try compareBlock(part, part.address &+ done, count)
      done += UInt64(count)
    }
  }

  /// Compares what of a block can be read.
  private mutating func compareBlock(
    _ part: ProgramImage.Part, _ address: UInt64, _ count: Int
  ) throws(RemoteMemoryError) {
    let span = AddressRange(start: Address(address &+ distance), count: UInt64(count))
    // A range that would pass the end of all addresses is cut there.
    let length = Int(span.count)
    report.unreadableBytes &+= UInt64(count - length)
    var start = 0
    for hole in try gather(span) {
      compareStretch(part, address, start..<max(hole.offset, start))
      start = min(hole.offset + hole.count, length)
      report.unreadableBytes &+= UInt64(hole.count)
    }
    compareStretch(part, address, start..<length)
  }

  private func gather(_ span: AddressRange) throws(RemoteMemoryError) -> [Hole] {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: found.bytes[..<Int(span.count)])
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe withUnsafePointer(to: span) { span in
      do throws(RemoteMemoryError) {
        let spans = unsafe UnsafeBufferPointer(start: span, count: 1)
        return try unsafe .success(source.gatherGently(spans, into: room))
      } catch {
        return .failure(error.during(.compare))
      }
    }
    return try outcome.get()
  }

  /// Compares bytes of the block at an address of the file.
  private mutating func compareStretch(
    _ part: ProgramImage.Part, _ address: UInt64, _ range: Range<Int>
  ) {
    guard !range.isEmpty else { return }
    report.comparedBytes &+= UInt64(range.count)
    guard firstDifference(onDisk, range) != nil else { return recorder.close() }
    let base = unsafe part.isWrittenByProgram ? found.bytes : onDisk.bytes
    unsafe expected.bytes.baseAddress?.advanced(by: range.lowerBound).copyMemory(
      from: base.baseAddress! + range.lowerBound, byteCount: range.count)
    if part.isWrittenByProgram { report.uncheckedBytes &+= countDifferences(range) }
    leaveOutFilledIn(address, range)
    applyFixups(part, address, range)
    var place = range.lowerBound
    while let next = firstDifference(expected, place..<range.upperBound) {
      let fileOffset = part.offset &+ (address &+ UInt64(next) &- part.address)
      unsafe recorder.add(
        address &+ UInt64(next), fileOffset, next, expected.bytes, found.bytes)
      place = next + 1
    }
  }

  /// Where what is in memory is not what ought to be; nil for nowhere.
  private func firstDifference(_ other: Allocation, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    let same = unsafe pvm_first_difference(
      other.bytes.baseAddress! + range.lowerBound, found.bytes.baseAddress! + range.lowerBound,
      range.count)
    return same < range.count ? range.lowerBound + same : nil
  }

  private func countDifferences(_ range: Range<Int>) -> UInt64 {
    range.reduce(0) { unsafe $0 &+ (onDisk.bytes[$1] == found.bytes[$1] ? 0 : 1) }
  }

  /// Takes what is in memory for right where the loader writes whole tables.
  private mutating func leaveOutFilledIn(_ address: UInt64, _ range: Range<Int>) {
    for table in image.filledIn {
      let here = AddressRange(
        start: Address(address &+ UInt64(range.lowerBound)), count: UInt64(range.count))
      guard let both = table.intersection(here), !both.isEmpty else { continue }
      let first = Int(both.start.rawValue &- address)
      accept(first..<(first + Int(both.count)))
    }
  }

  private mutating func accept(_ range: Range<Int>) {
    report.uncheckedBytes &+= countDifferences(range)
    for index in range { unsafe expected.bytes[index] = unsafe found.bytes[index] }
  }

  private mutating func applyFixups(
    _ part: ProgramImage.Part, _ address: UInt64, _ range: Range<Int>
  ) {
    let end = address &+ UInt64(range.upperBound)
    var index = image.fixups.firstIndex(reaching: address &+ UInt64(range.lowerBound))
    while index < image.fixups.count, image.fixups[index].address < end {
      apply(image.fixups[index], part, address, range)
      index += 1
    }
  }

  /// Puts what a loader writes into what ought to be there, unless the word is as in the file: then
  /// nothing was relocated.
  private mutating func apply(
    _ fixup: ImageFixup, _ part: ProgramImage.Part, _ address: UInt64, _ range: Range<Int>
  ) {
    let start = Int(Int64(bitPattern: fixup.address &- address))
    let covered = start..<(start + fixup.byteCount)
    let inside = covered.clamped(to: range)
    guard !inside.isEmpty, firstDifference(onDisk, inside) != nil else { return }
    if part.isWrittenByProgram { report.uncheckedBytes &-= countDifferences(inside) }
    guard let word = word(fixup, part, covered, range) else { return accept(inside) }
    for place in inside {
      let index =
        image.format.byteOrder == .little
        ? place - start : fixup.byteCount - 1 - (place - start)
      unsafe expected.bytes[place] = UInt8(truncatingIfNeeded: word >> UInt64(8 * index))
    }
    if firstDifference(expected, inside) == nil {
      report.relocatedWords += 1
    } else if part.isWrittenByProgram {
      accept(inside)
    }
  }

  /// What a loader writes; nil where that cannot be known.
  private func word(
    _ fixup: ImageFixup, _ part: ProgramImage.Part, _ covered: Range<Int>, _ range: Range<Int>
  ) -> UInt64? {
    guard fixup.byteCount <= 8 else { return nil }
    switch fixup.value {
    case .unknown: return nil
    case .moved(let addend): return addend &+ distance
    case .movedInPlace:
      let bytes: [UInt8]
      if covered.clamped(to: range) == covered {
        bytes = unsafe Array(onDisk.bytes[covered])
      } else {
        guard fixup.address >= part.address else { return nil }
        bytes = disk.bytes(
          part.offset &+ (fixup.address - part.address), fixup.byteCount)
      }
      return image.format.number(bytes, 0, width: fixup.byteCount).map { $0 &+ distance }
    }
  }
}
