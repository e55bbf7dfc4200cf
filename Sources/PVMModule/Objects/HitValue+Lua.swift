import LuaHost
import MemoryModel
import RemoteMemory

extension HitValue {
  /// For people: a number, or text as one printable line.
  func text(as element: HitElement) -> String {
    switch self {
    case .scalar(let value): element.format?.text(of: value) ?? value.description
    case .bytes(let bytes): printable(bytes)
    }
  }

  func write(to reply: Reply) {
    switch self {
    case .scalar(let value): value.write(to: reply)
    case .bytes(let bytes): reply.bytes(bytes)
    }
  }

  /// Reads what an element is at a place.
  static func read(
    _ element: HitElement, _ encoding: StoredEncoding, at address: Address, _ byteCount: Int,
    from source: any MemorySource
  ) throws(RemoteMemoryError) -> HitValue {
    guard case .scalar(let format) = element, encoding.isNone else {
      let bytes = try source.readBytes(at: address, count: byteCount)
      return HitValue(bytes, element, encoding, in: source)
    }
    return .scalar(try source.readScalar(format, at: address))
  }

  /// What some bytes are as an element.
  init(
    _ bytes: [UInt8], _ element: HitElement, _ encoding: StoredEncoding,
    in source: any MemorySource
  ) {
    switch element {
    case .scalar(let format):
      self = .scalar(StoredScalar(format, encoding, in: source).value(of: bytes))
    case .text, .match, .bytes, .record: self = .bytes(element.decoded(bytes))
    }
  }

  /// Text in UTF-8 where the element is text; everything else as it is.
  func decoded(_ element: HitElement) -> HitValue {
    guard case .bytes(let bytes) = self else { return self }
    return .bytes(element.decoded(bytes))
  }
}

extension HitElement {
  /// Text in UTF-8, bytes as they are.
  func decoded(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .text(let encoding, _), .match(let encoding?): encoding.decode(bytes)
    case .scalar, .bytes, .match, .record: bytes
    }
  }

  /// The bytes that stand for a text given in UTF-8, or for bytes.
  func stored(_ bytes: [UInt8]) throws -> [UInt8] {
    switch self {
    case .text(let encoding, _), .match(let encoding?):
      do { return try encoding.encode(bytes) } catch { throw ArgumentMismatch("\(error)") }
    case .scalar, .bytes, .match, .record: return bytes
    }
  }
}

extension HitValue? {
  /// nil for what cannot be read.
  func write(to reply: Reply) {
    if let self { self.write(to: reply) } else { reply.null() }
  }
}

extension ResultType where Value == HitValue {
  static func cellValue(_ note: String) -> ResultType<HitValue> {
    ResultType("value", annotation: "number|boolean|string", note) { call, value in
      value.write(to: call.reply)
    }
  }
}
