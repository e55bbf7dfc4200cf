import MemoryModel
import Synchronization

/// What was to be written to a process and was not: the bytes that its reads show instead of those
/// that are there.
///
/// May be used from any thread. Looking at it costs next to nothing as long as it is empty.
final class Pretence: Sendable {
  /// How many bytes are kept at most.
  static let limit = 256 << 20

  /// Bytes from an address on, all in one page.
  private struct Stretch {
    let start: UInt64
    let bytes: [UInt8]
    var end: UInt64 { start &+ UInt64(bytes.count) }
    var page: UInt64 { start / System.pageSize }
  }

  /// In rising order; in one page with at least one byte between them. Within pages, so that none
  /// grows long and a write beside it stays cheap.
  private let stretches = Mutex<[Stretch]>([])
  private let byteCount = Atomic(0)

  /// Whether nothing was written yet.
  var isEmpty: Bool { byteCount.load(ordering: .acquiring) == 0 }

  /// Keeps bytes, at least one; false when that would be more than `limit`.
  func keep(_ bytes: UnsafeRawBufferPointer, at address: Address) -> Bool {
    let start = address.rawValue
    let end = start &+ UInt64(bytes.count)
    return stretches.withLock { stretches in
      var first = Self.firstIndex(in: stretches, endingAt: start)
      if first < stretches.count, stretches[first].page < start / System.pageSize { first += 1 }
      var last = first
      while last < stretches.count, stretches[last].start <= end,
        stretches[last].page <= (end &- 1) / System.pageSize
      {
        last += 1
      }
      let touched = stretches[first..<last]
      let held = touched.reduce(0) { $0 + $1.bytes.count }
      let kept = unsafe Self.merge(touched, bytes, at: address)
      let grown = kept.reduce(-held) { $0 + $1.bytes.count }
      guard byteCount.load(ordering: .relaxed) + grown <= Self.limit else { return false }
      byteCount.add(grown, ordering: .releasing)
      stretches.replaceSubrange(first..<last, with: kept)
      return true
    }
  }

  /// The first stretch that ends at `address` or above.
  private static func firstIndex(in stretches: [Stretch], endingAt address: UInt64) -> Int {
    var (low, high) = (0, stretches.count)
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].end < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// New bytes, cut at the ends of pages, each piece with what it touches in its page.
  private static func merge(
    _ touched: ArraySlice<Stretch>, _ bytes: UnsafeRawBufferPointer, at address: Address
  ) -> [Stretch] {
    var merged: [Stretch] = []
    var rest = touched
    var done = 0
    while done < bytes.count {
      let place = address.offset(by: Int64(done))
      let room = Int(clamping: place.bytesToBoundary(of: System.pageSize))
      let count = min(room, bytes.count - done)
      let page = place.rawValue / System.pageSize
      let mine = rest.prefix { $0.page == page }
      rest = rest.dropFirst(mine.count)
      unsafe merged.append(
        merge(mine, place.rawValue, UnsafeRawBufferPointer(rebasing: bytes[done..<(done + count)])))
      done += count
    }
    return merged
  }

  /// One stretch of new bytes and of those around them.
  private static func merge(
    _ touched: ArraySlice<Stretch>, _ start: UInt64, _ bytes: UnsafeRawBufferPointer
  ) -> Stretch {
    let end = start &+ UInt64(bytes.count)
    var merged: [UInt8] = []
    if let first = touched.first, first.start < start {
      merged += first.bytes.prefix(Int(start &- first.start))
    }
    let before = merged.count
    unsafe merged += bytes
    if let last = touched.last, last.end > end {
      merged += last.bytes.suffix(Int(last.end &- end))
    }
    return Stretch(start: start &- UInt64(before), bytes: merged)
  }

  /// Puts what is kept over bytes that were read from `address` on.
  func show(in bytes: UnsafeMutableRawBufferPointer, at address: Address) {
    guard !isEmpty, bytes.count > 0 else { return }
    let start = address.rawValue
    let end = start &+ UInt64(bytes.count)
    stretches.withLock { stretches in
      var index = Self.firstIndex(in: stretches, endingAt: start)
      while index < stretches.count, stretches[index].start < end {
        let stretch = stretches[index]
        let from = max(stretch.start, start)
        let to = min(stretch.end, end)
        if from < to {
          let part = stretch.bytes[Int(from &- stretch.start)..<Int(to &- stretch.start)]
          unsafe UnsafeMutableRawBufferPointer(
            rebasing: bytes[Int(from &- start)..<Int(to &- start)]
          ).copyBytes(from: part)
        }
        index += 1
      }
    }
  }

  /// Puts what is kept over ranges that were read into `buffer`, one behind the other; what could
  /// not be read stays so.
  /// - Parameter holes: in rising order.
  func show(
    in buffer: UnsafeMutableRawBufferPointer, gathered spans: UnsafeBufferPointer<AddressRange>,
    holes: [Hole]
  ) {
    guard !isEmpty else { return }
    var offset = 0
    var hole = 0
    for index in 0..<spans.count {
      let span = unsafe spans[index]
      let start = offset
      let end = min(start + Int(clamping: span.count), buffer.count)
      while offset < end {
        while hole < holes.count, holes[hole].offset + holes[hole].count <= offset { hole += 1 }
        let next = hole < holes.count ? min(max(holes[hole].offset, offset), end) : end
        if next > offset {
          unsafe show(
            in: UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<next]),
            at: span.start.offset(by: Int64(offset - start)))
        }
        offset = hole < holes.count ? min(holes[hole].offset + holes[hole].count, end) : end
        offset = max(offset, next)
      }
      offset = end
    }
  }

  /// The pages that hold what is kept.
  var pages: AddressRanges {
    let page = System.pageSize
    var pages = AddressRanges()
    stretches.withLock { stretches in
      for stretch in stretches {
        let start = Address(stretch.start).alignedDown(to: page)
        let last = Address(stretch.end &- 1).alignedDown(to: page)
        pages.append(AddressRange(start: start, count: last.rawValue &- start.rawValue &+ page))
      }
    }
    return pages
  }
}
