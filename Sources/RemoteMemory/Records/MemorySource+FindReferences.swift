public import MemoryModel

extension MemorySource {
  /// Finds who points into a range.
  ///
  /// The hits are one lane of `ptr`, or of `u32` or `u64` where another width than the target's own
  /// is asked for; each has the address it holds as its old value.
  /// - Parameters:
  ///   - range: what is pointed into; at least one byte.
  ///   - alignment: the addresses of pointers are multiples of it, in bytes, 1 to 65536; nil for
  ///     the width of a pointer.
  ///   - pointerWidth: how wide the pointers are; nil for the target's own.
  ///   - scope: where they are looked for; by default what the process can write and shares with
  ///     nobody.
  ///   - options: how.
  /// - Throws: `EINVAL` for an impossible range or alignment; `ESRCH` and `EXEC` when the process
  ///   goes.
  public func findReferences(
    to range: AddressRange, alignment: Int? = nil, pointerWidth width: PointerWidth? = nil,
    in scope: ScanScope = ScanScope(), options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    let lane = try ScanLane.references(to: range, alignment: alignment, width, in: self)
    let words = range.count == 1 ? "to \(range.start)" : "into \(range)"
    return try FirstScan.run(
      self, [lane], in: scope, title: "references \(words)", options: options)
  }

  /// Finds who points at an address; otherwise as `findReferences(to:)` of a range.
  public func findReferences(
    to address: Address, alignment: Int? = nil, pointerWidth width: PointerWidth? = nil,
    in scope: ScanScope = ScanScope(), options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    try findReferences(
      to: AddressRange(start: address, count: 1), alignment: alignment, pointerWidth: width,
      in: scope, options: options)
  }
}

extension ScanLane {
  /// The lane for pointers into a range.
  static func references(
    to range: AddressRange, alignment: Int?, _ width: PointerWidth?, in source: any MemorySource
  ) throws(RemoteMemoryError) -> ScanLane {
    func invalid(_ detail: String) -> RemoteMemoryError {
      RemoteMemoryError(.scan, .invalid, process: source.processID, detail: detail)
    }
    let width = width ?? source.pointerWidth
    let shape = PointerShape(width, source.byteOrder)
    guard !range.isEmpty else { throw invalid("nothing points into an empty range") }
    guard range.start.rawValue <= shape.greatest else {
      throw invalid("\(range.start) does not fit a pointer of \(width.bits) bits")
    }
    if let alignment, !(1...RecordPattern.mostBytes ~= alignment) {
      throw invalid("\(RecordPatternError.alignment(alignment))")
    }
    let isOwn = width == source.pointerWidth
    let format = ScalarFormat(isOwn ? .ptr : width == .four ? .u32 : .u64)
    var only: UInt64?
    if range.count == 1 {
      let isSwapped = format.isSwapped(in: source)
      only = isSwapped ? range.start.rawValue.byteSwapped(width: width.bytes) : range.start.rawValue
    }
    return ScanLane(
      label: format.name, element: .scalar(format), step: alignment ?? width.bytes,
      width: width.bytes,
      matcher: shape.matcher([range.start.rawValue...(range.start.rawValue + (range.count - 1))]),
      remembering: only.map { .constant($0) } ?? .values)
  }
}
