import Glibc
import MemoryModel

/// Looks for the place that agrees longest with some code: one byte more tells the two apart.
@safe struct SignatureSearch {
  private static let blockByteCount = 1 << 20

  private let source: any MemorySource
  private let code: MaskedCode
  private let address: Address
  /// The first byte of which any bit stays.
  private let anchor: Int
  private let room: Allocation
  /// How many bytes the place that agrees longest agrees in, and where it is.
  private var longest: Int
  private var rival: Address?
  private var searchedBytes: UInt64 = 0

  init(_ source: any MemorySource, _ code: MaskedCode, at address: Address)
    throws(RemoteMemoryError)
  {
    self.source = source
    self.code = code
    self.address = address
    anchor = code.mask.firstIndex { $0 != 0 } ?? code.mask.count
    longest = anchor
    room = try Allocation(byteCount: Self.blockByteCount, for: .signature)
  }

  /// Searches a stretch of memory.
  mutating func look(through stretch: AddressRange) throws(RemoteMemoryError) {
    let overlap = UInt64(code.bytes.count - 1)
    var rest = stretch
    while !rest.isEmpty, longest < code.bytes.count {
      if source.interrupt.isInterrupted {
        throw RemoteMemoryError(.signature, .interrupted, process: source.processID)
      }
      let block = AddressRange(
        start: rest.start, count: min(rest.count, UInt64(Self.blockByteCount)))
      try look(at: block)
      guard block.count < rest.count else { break }
      let step = block.count - overlap
      rest = AddressRange(start: rest.start.offset(by: Int64(step)), count: rest.count - step)
    }
    searchedBytes &+= stretch.count
  }

  /// Searches what of a block can be read.
  private mutating func look(at block: AddressRange) throws(RemoteMemoryError) {
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<Int(block.count)])
    var start = 0
    for hole in unsafe try gather(block, bytes) {
      look(at: start..<max(hole.offset, start), of: block)
      start = hole.offset + hole.count
    }
    look(at: min(start, bytes.count)..<bytes.count, of: block)
  }

  private func gather(
    _ block: AddressRange, _ bytes: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe withUnsafePointer(to: block) { span in
      do throws(RemoteMemoryError) {
        let spans = unsafe UnsafeBufferPointer(start: span, count: 1)
        return try unsafe .success(source.gatherGently(spans, into: bytes))
      } catch {
        return .failure(error.during(.signature))
      }
    }
    return try outcome.get()
  }

  /// Searches bytes without holes.
  private mutating func look(at range: Range<Int>, of block: AddressRange) {
    var next = range.lowerBound + anchor
    while next < range.upperBound, longest < code.bytes.count {
      guard let place = firstAnchor(in: next..<range.upperBound) else { return }
      next = place + 1
      let start = place - anchor
      let here = block.start.offset(by: Int64(start))
      guard here != address else { continue }
      let count = agreement(at: start, upTo: range.upperBound)
      // A place that was cut off at the end of a block begins the next one.
      guard count > longest else { continue }
      longest = count
      rival = here
    }
  }

  /// The first place of a byte whose bits agree with the anchor's.
  private func firstAnchor(in range: Range<Int>) -> Int? {
    guard anchor < code.bytes.count, let base = unsafe room.bytes.baseAddress else { return nil }
    let (byte, mask) = (code.bytes[anchor], code.mask[anchor])
    if mask == 0xFF {
      let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      return unsafe found.map { unsafe UnsafeRawPointer($0) - UnsafeRawPointer(base) }
    }
    return range.first { unsafe room.bytes[$0] & mask == byte & mask }
  }

  /// How many bytes from `start` on agree with the code.
  private func agreement(at start: Int, upTo end: Int) -> Int {
    let most = min(code.bytes.count, end - start)
    var count = anchor
    while count < most,
      unsafe (room.bytes[start + count] ^ code.bytes[count]) & code.mask[count] == 0
    {
      count += 1
    }
    return count
  }

  /// The shortest pattern that no place agrees with.
  func signature(
    _ lengths: ClosedRange<Int>, in scope: SignatureScope
  ) throws(RemoteMemoryError) -> CodeSignature {
    let count = max(longest + 1, min(lengths.lowerBound, code.bytes.count))
    guard count <= code.bytes.count else { throw notUnique(in: scope) }
    do throws(BytePatternError) {
      let pattern = try BytePattern(
        Array(code.bytes.prefix(count)), mask: Array(code.mask.prefix(count)))
      return CodeSignature(
        pattern: pattern, address: address, scope: scope.name, searchedBytes: searchedBytes)
    } catch {
      throw RemoteMemoryError(
        .signature, .invalid, process: source.processID, address: address, detail: "\(error)")
    }
  }

  private func notUnique(in scope: SignatureScope) -> RemoteMemoryError {
    let count = code.bytes.count
    let reason =
      rival.map { "its \(count) bytes also stand at \($0) in \(scope.name)" }
      ?? "nothing in its \(count) bytes stays the same"
    return RemoteMemoryError(
      .signature, .notFound, process: source.processID, address: address, detail: reason)
  }
}
