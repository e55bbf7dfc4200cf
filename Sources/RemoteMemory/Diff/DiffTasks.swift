import MemoryModel

/// A stretch of two memories that one task compares.
struct DiffPiece {
  /// Its first byte in the earlier memory.
  let before: UInt64
  /// Its first byte in the later memory, the first at which a cell may start.
  let after: UInt64
  /// How many bytes cells may start in.
  let count: Int
  /// How many bytes behind them belong to cells that start before.
  let reach: Int

  var beforeRange: AddressRange {
    AddressRange(start: Address(before), count: UInt64(count + reach))
  }
  var afterRange: AddressRange {
    AddressRange(start: Address(after), count: UInt64(count + reach))
  }
  /// The pages of the later memory in which cells may start.
  var pages: AddressRange {
    let page = System.pageSize
    let start = after & ~(page - 1)
    let last = (after &+ UInt64(count - 1)) | (page - 1)
    return AddressRange(start: Address(start), count: last &- start &+ 1)
  }
}

/// Pairs of memory cut into tasks.
struct DiffTasks {
  /// The most pieces of a task, as in a scan.
  private static let mostPieces = 512

  private var pieces: [DiffPiece] = []
  private var ends: [Int] = []
  /// The bytes to read of each side for the largest task.
  private(set) var largest = 0
  /// The bytes to compare in all.
  private(set) var byteCount: UInt64 = 0
  /// Whether bytes that go together lie equally far from the start of their pages.
  let keepsPages: Bool

  /// - Parameters:
  ///   - pairs: what to compare, rising by the addresses after.
  ///   - width: how many bytes the widest cell covers.
  ///   - blockBytes: about how many bytes of each side a task compares; cuts lie at multiples of it.
  init(_ pairs: [RegionAlignment.Pair], width: Int, blockBytes: Int) {
    keepsPages = pairs.allSatisfy {
      ($0.before.rawValue &- $0.after.rawValue) % System.pageSize == 0
    }
    var (first, bytes) = (0, 0)
    for pair in pairs {
      var done: UInt64 = 0
      while done < pair.count {
        let after = pair.after.rawValue &+ done
        let left = pair.count - done
        let count = min(left, UInt64(blockBytes) - after % UInt64(blockBytes))
        let piece = DiffPiece(
          before: pair.before.rawValue &+ done, after: after, count: Int(count),
          reach: Int(min(left - count, UInt64(width - 1))))
        if first < pieces.count,
          bytes + piece.count > blockBytes || pieces.count - first >= Self.mostPieces
        {
          close(&first, &bytes)
        }
        pieces.append(piece)
        bytes += piece.count + piece.reach
        byteCount &+= count
        done += count
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

  /// The bytes of whole pages of the later memory for the largest task.
  var largestPages: Int {
    (0..<count).reduce(0) { most, task in
      max(most, pieces(of: task).reduce(0) { $0 + Int($1.pages.count) })
    }
  }

  /// How many tasks there are.
  var count: Int { ends.count }

  /// The pieces of a task.
  func pieces(of task: Int) -> ArraySlice<DiffPiece> {
    pieces[(task == 0 ? 0 : ends[task - 1])..<ends[task]]
  }
}
