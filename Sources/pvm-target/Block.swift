import Glibc

/// A piece of raw memory with a fixed, C-like layout; it never moves and is never freed.
struct Block {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  var address: UInt64 { UInt64(UInt(bitPattern: base)) }

  /// Zeroed memory from the C heap, so that small blocks lie in `[heap]`.
  static func heap(_ byteCount: Int) -> Block {
    guard let base = calloc(1, byteCount) else { fail("out of memory") }
    return Block(base: base, byteCount: byteCount)
  }

  /// Zeroed anonymous private memory, readable and writable, in whole pages.
  static func pages(_ byteCount: Int) -> Block {
    mapped(byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1)
  }

  /// mmap(2) at an address of the kernel's choice; ends the program when refused.
  static func mapped(
    _ byteCount: Int, _ protection: Int32, _ flags: Int32, _ descriptor: Int32
  ) -> Block {
    guard let base = mmap(nil, byteCount, protection, flags, descriptor, 0), base != MAP_FAILED
    else { fail("mmap of \(byteCount) bytes: \(errorText())") }
    return Block(base: base, byteCount: byteCount)
  }

  func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type = Value.self) -> Value {
    base.loadUnaligned(fromByteOffset: offset, as: type)
  }

  func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    base.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// Stores text with its terminating zero unit, cut to fit `capacity` units.
  func store<Unit: FixedWidthInteger & BitwiseCopyable>(
    text units: some Collection<Unit>, at offset: Int, capacity: Int
  ) {
    var offset = offset
    for unit in units.prefix(capacity - 1) {
      store(unit, at: offset)
      offset += MemoryLayout<Unit>.size
    }
    store(Unit.zero, at: offset)
  }

  /// Reads text up to a zero unit or `capacity` units.
  func text<Encoding: UnicodeCodec>(
    _ offset: Int, capacity: Int, as encoding: Encoding.Type
  ) -> String where Encoding.CodeUnit: BitwiseCopyable {
    let unitSize = MemoryLayout<Encoding.CodeUnit>.size
    let units = (0..<capacity).lazy.map { load(offset + $0 * unitSize, as: Encoding.CodeUnit.self) }
    return String(decoding: Array(units.prefix { $0 != 0 }), as: encoding)
  }

  /// Fills with the known pattern: byte i is (i * 31 + i / 256) mod 256.
  func fillWithPattern() {
    let period = 0x1_0000
    for index in 0..<min(byteCount, period) {
      store(UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8), at: index)
    }
    for start in stride(from: period, to: byteCount, by: period) {
      memcpy(base + start, base, min(period, byteCount - start))
    }
  }
}

/// The size of a page on this machine, in bytes.
let pageSize = sysconf(Int32(_SC_PAGESIZE))
