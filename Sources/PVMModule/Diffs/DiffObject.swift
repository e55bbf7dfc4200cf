import LuaHost
import MemoryModel
import RemoteMemory

/// What is not the same in two memories, as a script holds it.
public final class DiffObject {
  /// The earlier memory, which does not change.
  let before: ProcessHandle
  /// The later memory, which does not change.
  let after: ProcessHandle
  /// The process the later memory was captured from for this diff; nil when a script had done that.
  let live: ProcessHandle?
  let diff: Diff

  init(before: ProcessHandle, after: ProcessHandle, live: ProcessHandle?, diff: Diff) {
    self.before = before
    self.after = after
    self.live = live
    self.diff = diff
  }

  /// Other cells of the same two memories.
  func with(_ diff: Diff) -> DiffObject {
    DiffObject(before: before, after: after, live: live, diff: diff)
  }

  /// Some cells with what they were and are.
  func cells(_ numbers: Range<Int>) throws -> [DiffCell] {
    let hits = diff.hits
    let numbers = numbers.clamped(to: 0..<hits.count)
    let addresses = hits.addresses(from: numbers.lowerBound, count: numbers.count)
    let old = hits.oldValues(from: numbers.lowerBound, count: numbers.count)
    let new = try hits.readValues(from: numbers.lowerBound, count: numbers.count)
    return addresses.indices.map { index in
      var value: ScalarValue?
      if case .scalar(let scalar)? = new[index] { value = scalar }
      return DiffCell(address: addresses[index], old: old[index], new: value)
    }
  }
}

/// One cell of a diff.
struct DiffCell {
  let address: Address
  let old: ScalarValue?
  let new: ScalarValue?
}

/// Cells of a diff one after the other, for a `for` loop.
public final class DiffWalk {
  private let object: DiffObject
  private var batch: ArraySlice<DiffCell> = []
  private var number = 0

  init(_ object: DiffObject) { self.object = object }

  /// The next cell; nil at the end.
  func next() throws -> DiffCell? {
    if batch.isEmpty {
      let end = min(number + Hits.batchCount, object.diff.count)
      guard number < end else { return nil }
      batch = try object.cells(number..<end)[...]
      number = end
    }
    return batch.popFirst()
  }
}

/// Runs of bytes that are not the same, one after the other, for a `for` loop.
public final class DiffRangeWalk {
  private let diff: Diff
  private let cursor: DiffSpanCursor

  init(_ diff: Diff, gap: Int) {
    self.diff = diff
    cursor = DiffSpanCursor(diff, gap: gap, longest: 1 << 20)
  }

  /// The next run with its bytes; nil at the end.
  func next() throws -> (span: DiffSpan, old: [UInt8], new: [UInt8])? {
    guard let span = cursor.next() else { return nil }
    let (old, new) = try diff.bytes(of: span.range)
    return (span, old.map { $0 ?? 0 }, new.map { $0 ?? 0 })
  }
}
