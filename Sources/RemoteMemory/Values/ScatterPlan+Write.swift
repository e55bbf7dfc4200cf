public import MemoryModel

/// What is to be written to an item of a scatter plan.
public enum ScatterValue: Hashable, Sendable {
  /// One value, for a single one.
  case scalar(ScalarValue)
  /// Values for an array, from its first on; not more than it has.
  case array([ScalarValue])
  /// Bytes, not more than the item has.
  case bytes([UInt8])
  /// Text in UTF-8; a terminator and zeros fill the rest of the item.
  case text([UInt8])
}

extension ScatterPlan {
  /// Writes values to items; each is written whole or not at all, whatever becomes of the others.
  /// - Parameters:
  ///   - values: each with the position of its item, from 0.
  ///   - source: where to.
  ///   - options: what the writes may do.
  /// - Returns: for each value why it was not written, or nil.
  /// - Throws: only when nothing can be written any more: `EREADONLY`, `EPERM`, `ESRCH`, `EXEC`,
  ///   `ECLOSED`.
  public func write(
    _ values: [(index: Int, value: ScatterValue)], to source: any MemorySource,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> [RemoteMemoryError?] {
    var outcomes: [RemoteMemoryError?] = []
    outcomes.reserveCapacity(values.count)
    for (index, value) in values {
      if source.interrupt.isInterrupted {
        throw RemoteMemoryError(.write, .interrupted, process: source.processID)
      }
      do throws(RemoteMemoryError) {
        let bytes = try encode(value, index, source)
        try source.writeBytes(bytes, at: items[index].address, options: options)
        outcomes.append(nil)
      } catch {
        guard error.concernsOnePlace else { throw error }
        outcomes.append(error)
      }
    }
    return outcomes
  }

  private func encode(_ value: ScatterValue, _ index: Int, _ source: any MemorySource)
    throws(RemoteMemoryError) -> [UInt8]
  {
    guard items.indices.contains(index) else {
      throw RemoteMemoryError(
        .write, .invalid, process: source.processID, detail: "no item \(index)")
    }
    let item = items[index]
    let room = item.byteCount(pointerWidth: pointerWidth) ?? 0
    switch (item.element, value) {
    case (.scalar(let format), .scalar(let value)):
      return try encode([value], format, item.address, source)
    case (.array(let format, let count), .array(let values)) where values.count <= count:
      return try encode(values, format, item.address, source)
    case (.bytes, .bytes(let bytes)) where bytes.count <= room: return bytes
    case (.text(let encoding, _), .text(let text)):
      return try encode(text, encoding, room: room, item.address, source)
    default:
      throw RemoteMemoryError(
        .write, .invalid, process: source.processID, address: item.address,
        detail: "the value does not fit the item")
    }
  }

  private func encode(
    _ values: [ScalarValue], _ format: ScalarFormat, _ address: Address, _ source: any MemorySource
  ) throws(RemoteMemoryError) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in values {
      do throws(ScalarRangeError) {
        bytes += try format.encode(value, pointerWidth: pointerWidth, targetOrder: byteOrder)
      } catch {
        throw source.rangeError(error, at: address)
      }
    }
    return bytes
  }

  private func encode(
    _ text: [UInt8], _ encoding: TextEncoding, room: Int, _ address: Address,
    _ source: any MemorySource
  ) throws(RemoteMemoryError) -> [UInt8] {
    var problem = ""
    do throws(TextEncodingError) {
      let bytes = try encoding.encode(text)
      if bytes.count <= room { return bytes + [UInt8](repeating: 0, count: room - bytes.count) }
      problem = "the text takes \(bytes.count) bytes and the item has \(room)"
    } catch {
      problem = "\(error)"
    }
    throw RemoteMemoryError(
      .write, .range, process: source.processID, address: address, detail: problem)
  }
}

extension RemoteMemoryError {
  /// Whether another place of the same source may still work.
  var concernsOnePlace: Bool {
    switch cause {
    case .fault, .notWritable, .sharedFile, .range, .invalid, .tooLarge, .refused: true
    default: false
    }
  }
}
