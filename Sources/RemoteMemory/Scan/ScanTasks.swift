import MemoryModel

/// A stretch of memory without gaps that one task scans.
struct ScanPiece {
  /// The first byte at which a candidate may start.
  let start: UInt64
  /// How many bytes candidates may start in.
  let count: Int
  /// How many bytes behind them belong to candidates that start before.
  let reach: Int

  /// What is read for it.
  var range: AddressRange { AddressRange(start: Address(start), count: UInt64(count + reach)) }
}

/// Runs of memory cut into tasks: pieces that are read by one call and scanned while in cache.
struct ScanTasks {
  /// The most pieces of a task: what one call of process_vm_readv(2) takes is 1024.
  private static let mostPieces = 512

  /// What is scanned.
  let runs: [AddressRange]
  private(set) var pieces: [ScanPiece] = []
  /// Where the pieces of each task end.
  private(set) var ends: [Int] = []
  /// The bytes to read for the largest task.
  private(set) var largest = 0
  /// The bytes in which candidates start, in all.
  private(set) var byteCount: UInt64 = 0

  /// - Parameters:
  ///   - runs: what to scan, rising; touching runs are one.
  ///   - width: how many bytes the widest candidate covers.
  ///   - blockBytes: about how many bytes a task reads. Runs are cut where the address is a multiple
  ///     of it, so that aligned values are never cut.
  init(_ runs: [AddressRange], width: Int, blockBytes: Int) {
    self.runs = runs
    var bytes = 0
    var first = 0
    for run in runs {
      var start = run.start.rawValue
      var left = run.count
      while left > 0 {
        let toBorder = UInt64(blockBytes) - start % UInt64(blockBytes)
        let count = min(left, toBorder)
        let piece = ScanPiece(
          start: start, count: Int(count), reach: Int(min(left - count, UInt64(width - 1))))
        if !pieces[first...].isEmpty,
          bytes + piece.count > blockBytes || pieces.count - first >= Self.mostPieces
        {
          close(&first, &bytes)
        }
        pieces.append(piece)
        bytes += piece.count + piece.reach
        byteCount &+= count
        start &+= count
        left -= count
      }
    }
    if first < pieces.count { close(&first, &bytes) }
  }

  private mutating func close(_ first: inout Int, _ bytes: inout Int) {
    ends.append(pieces.count)
    largest = max(largest, bytes)
    first = pieces.count
    bytes = 0
  }

  /// How many tasks there are.
  var count: Int { ends.count }

  /// The pieces of a task.
  func pieces(of task: Int) -> ArraySlice<ScanPiece> {
    pieces[(task == 0 ? 0 : ends[task - 1])..<ends[task]]
  }
}
