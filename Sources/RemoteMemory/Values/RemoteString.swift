public import MemoryModel

/// Text that was read from memory.
public struct RemoteString: Hashable, Sendable {
  /// The text in UTF-8, without its terminator. Text read as UTF-8 or as plain bytes is passed on
  /// as it was.
  public let text: [UInt8]
  /// Whether its terminator was met; if not, the limit or an unreadable page came first.
  public let isTerminated: Bool
  /// How many bytes it takes in memory, terminator not counted.
  public let byteCount: Int

  /// A text of these parts.
  public init(text: [UInt8], isTerminated: Bool, byteCount: Int) {
    self.text = text
    self.isTerminated = isTerminated
    self.byteCount = byteCount
  }

  /// The text up to the first terminator in raw bytes; a unit that is cut off at the end is left
  /// out.
  init(raw: [UInt8], encoding: TextEncoding) {
    let end = encoding.terminatorIndex(in: raw)
    let count = end ?? raw.count - raw.count % encoding.unitBytes
    self.init(
      text: encoding.decode(count == raw.count ? raw : Array(raw[..<count])),
      isTerminated: end != nil, byteCount: count)
  }
}

extension MemorySource {
  /// Text up to its terminator, the limit or the first unreadable byte, whichever comes first.
  ///
  /// Memory is read page by page, so that text at the end of a mapping is found and nothing beyond
  /// it is needed.
  /// - Parameters:
  ///   - address: the first byte; any alignment.
  ///   - maximumBytes: how many bytes of memory are looked at, terminator included; 0 to 1 MiB,
  ///     default 4096.
  ///   - encoding: how it is written; default UTF-8.
  /// - Throws: `EFAULT` when not even the first unit can be read; `EINVAL` or `E2BIG` for an
  ///   impossible limit.
  public func readString(
    at address: Address, maximumBytes: Int = 4096, encoding: TextEncoding = .utf8
  ) throws(RemoteMemoryError) -> RemoteString {
    try checkCount(maximumBytes, .read, limit: TransferLimits.longestValue)
    var raw: [UInt8] = []
    while raw.count < maximumBytes {
      let place = address.offset(by: Int64(raw.count))
      let page = Int(clamping: place.bytesToBoundary(of: System.pageSize))
      let asked = min(page, maximumBytes - raw.count)
      let got = try appendPart(to: &raw, from: place, count: asked, encoding)
      if got.terminated { break }
      if got.count < asked {
        if raw.count >= encoding.unitBytes { break }
        throw fault(
          .read, at: place.offset(by: Int64(got.count)), requestedBytes: encoding.unitBytes,
          completedBytes: raw.count)
      }
    }
    return RemoteString(raw: raw, encoding: encoding)
  }

  /// Reads a part of at most a page; of one that holds the terminator only what comes up to it is
  /// kept.
  private func appendPart(
    to raw: inout [UInt8], from address: Address, count: Int, _ encoding: TextEncoding
  ) throws(RemoteMemoryError) -> (count: Int, terminated: Bool) {
    let before = raw.count
    return try unsafe withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) {
      room throws(RemoteMemoryError) in
      let transfer = try unsafe read(UnsafeMutableRawBufferPointer(room), from: address)
      let part = unsafe UnsafeRawBufferPointer(room)[..<transfer.completedBytes]
      // Units are counted from the start of the text; a unit cut by the border is found in `raw`.
      if before % encoding.unitBytes == 0,
        let end = unsafe encoding.terminatorIndex(in: UnsafeRawBufferPointer(rebasing: part))
      {
        unsafe raw.append(contentsOf: part[..<(end + encoding.unitBytes)])
        return (transfer.completedBytes, true)
      }
      unsafe raw.append(contentsOf: part)
      let terminated =
        before % encoding.unitBytes != 0 && encoding.terminatorIndex(in: raw) != nil
      return (transfer.completedBytes, terminated)
    }
  }

  /// Writes text, by default with a terminator behind it.
  /// - Parameters:
  ///   - text: in UTF-8, without terminator.
  ///   - address: its first byte.
  ///   - encoding: how it is to be written; default UTF-8.
  ///   - isTerminated: whether a zero unit follows; default true.
  /// - Returns: how many bytes were written, terminator included.
  /// - Throws: `EINVAL` for text the encoding cannot hold; and what `write` throws.
  @discardableResult
  public func writeString(
    _ text: [UInt8], at address: Address, encoding: TextEncoding = .utf8, isTerminated: Bool = true,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> Int {
    var bytes: [UInt8]
    do throws(TextEncodingError) {
      bytes = try encoding.encode(text)
    } catch {
      throw RemoteMemoryError(.write, .invalid, process: processID, detail: "\(error)")
    }
    if isTerminated { bytes += encoding.terminator }
    try writeBytes(bytes, at: address, options: options)
    return bytes.count
  }
}
