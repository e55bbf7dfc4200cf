import CProcessVM
import CScanKernels
import MemoryModel

/// Where each page of a snapshot lies in our own memory. Filled by one thread a page, then read by
/// all.
@safe final class PageTable: @unchecked Sendable {
  /// What is known of a page.
  @safe enum Page {
    /// All its bytes are zero; it takes no memory.
    case zeroes
    /// It could not be read.
    case hole
    /// Its bytes.
    case bytes(UnsafeRawPointer)
  }

  private static let zeroMark: UInt = 0
  private static let holeMark: UInt = 1

  /// The size of a page, in bytes.
  let pageSize: Int
  /// The pages, as runs of whole ones, rising and not touching.
  let runs: [AddressRange]
  /// The number of the first page of each run.
  private let firsts: [Int]
  /// How many pages there are.
  let count: Int
  private let entries: UnsafeMutablePointer<UInt>
  private let byteCount: Int

  /// A table of pages that are all zero.
  /// - Parameter runs: whole pages, rising.
  init(_ runs: [AddressRange]) throws(RemoteMemoryError) {
    pageSize = Int(System.pageSize)
    self.runs = runs
    var firsts: [Int] = []
    var count = 0
    for run in runs {
      firsts.append(count)
      count += Int(run.count) / pageSize
    }
    self.firsts = firsts
    self.count = count
    byteCount = max((count * 8 + pageSize - 1) / pageSize, 1) * pageSize
    guard let memory = unsafe pvm_map_memory(byteCount, false) else {
      throw MemoryStore.noRoom(byteCount)
    }
    unsafe entries = memory.bindMemory(to: UInt.self, capacity: max(count, 1))
  }

  deinit { _ = unsafe pvm_unmap(entries, byteCount) }

  /// Which run holds an address, or else the next one; `runs.count` behind the last.
  func run(at address: UInt64) -> Int { runs.firstIndex(reaching: address) }

  /// The number of the page that holds an address of a run.
  func number(of address: UInt64, inRun run: Int) -> Int {
    firsts[run] + Int((address &- runs[run].start.rawValue) / UInt64(pageSize))
  }

  /// The page with a number.
  subscript(number: Int) -> Page {
    switch unsafe entries[number] {
    case Self.zeroMark: .zeroes
    case Self.holeMark: .hole
    case let address: unsafe .bytes(UnsafeRawPointer(bitPattern: address)!)
    }
  }

  /// Notes where a page's bytes lie.
  func set(_ number: Int, to bytes: UnsafeRawPointer) {
    unsafe entries[number] = UInt(bitPattern: bytes)
  }

  /// Notes that a page could not be read.
  func setHole(_ number: Int) { unsafe entries[number] = Self.holeMark }

  /// Which of some stores pages lie in; of an address in none nothing is said.
  func owners(among stores: [MemoryStore]) -> [MemoryStore] {
    let pieces = stores.enumerated().flatMap { number, store in
      store.pieces.map { (range: $0, store: number) }
    }.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var isOwner = [Bool](repeating: false, count: stores.count)
    var last: Range<UInt> = 0..<0
    for number in 0..<count {
      let address = unsafe entries[number]
      if address <= Self.holeMark || last.contains(address) { continue }
      var low = 0
      var high = pieces.count
      while low < high {
        let middle = (low + high) / 2
        if pieces[middle].range.upperBound <= address { low = middle + 1 } else { high = middle }
      }
      guard low < pieces.count, pieces[low].range.contains(address) else { continue }
      last = pieces[low].range
      isOwner[pieces[low].store] = true
    }
    return stores.indices.filter { isOwner[$0] }.map { stores[$0] }
  }

  /// A page and those behind it that lie with it in one stretch of our memory.
  /// - Parameters:
  ///   - address: an address of the run.
  ///   - limit: how many bytes are wanted at most.
  /// - Returns: what is there and how many bytes of it from the address on; at least 1.
  func stretch(at address: UInt64, inRun run: Int, limit: UInt64) -> Stretch {
    let page = UInt64(pageSize)
    let inside = address % page
    let left = runs[run].count &- (address &- runs[run].start.rawValue)
    let wanted = min(limit, left)
    var number = number(of: address, inRun: run)
    let first = unsafe entries[number]
    let distance: UInt = first <= Self.holeMark ? 0 : UInt(page)
    var count = page - inside
    var expected = first
    while count < wanted {
      number += 1
      expected &+= distance
      guard unsafe entries[number] == expected else { break }
      count += page
    }
    count = min(count, wanted)
    switch first {
    case Self.zeroMark: return .zeroes(count)
    case Self.holeMark: return .hole(count)
    default:
      return unsafe .bytes(UnsafeRawPointer(bitPattern: first)! + Int(inside), count)
    }
  }
}

/// A stretch of a snapshot's memory as it lies in our own.
@safe enum Stretch {
  /// So many bytes, from here on.
  case bytes(UnsafeRawPointer, UInt64)
  /// So many bytes that are zero.
  case zeroes(UInt64)
  /// So many bytes that are not there.
  case hole(UInt64)

  /// How many bytes, at least 1.
  var count: UInt64 {
    switch self {
    case .bytes(_, let count), .zeroes(let count), .hole(let count): count
    }
  }
}
