import CProcessVM

/// Reads a saved file from its start to its end; nothing in it is believed.
@safe final class HitFileReader {
  private static let roomByteCount = 1 << 20

  let path: String
  private let descriptor: Descriptor
  private let room: Allocation
  /// What of the room is filled, and how much of that was used.
  private var filled = 0
  private var used = 0
  /// Where in the file the next bytes to fill the room with lie.
  private var position: UInt64 = 0
  /// Where the check sum begins.
  private let end: UInt64

  /// Opens a file and checks its length and its sum.
  /// - Throws: what open(2) says; `EINVAL` for a file that is none of the form, is cut off or damaged,
  ///   or was written by a later version.
  init(_ path: String, _ form: SavedForm = .hits, interrupt: InterruptCheck)
    throws(RemoteMemoryError)
  {
    try Sandbox.checkFile(.load, path)
    self.path = path
    var length: UInt64 = 0
    let opened = unsafe path.withCString { unsafe pvm_open_file($0, &length) }
    descriptor = Descriptor(opened)
    room = try Allocation(byteCount: Self.roomByteCount, for: .load)
    end = length &- 8
    if let errno = Errno(result: Int(opened)) {
      throw RemoteMemoryError(.load, .system, errno: errno, detail: path)
    }
    guard length >= 8, try bytes(form.magic.count) == form.magic else {
      throw invalid("is no file of \(form.contents)")
    }
    guard length >= UInt64(HitFile.headerByteCount) + 8 else { throw invalid("is cut off") }
    let version = try number(UInt32.self)
    guard version == form.version else {
      throw invalid("has version \(version) of the format; this program knows \(form.version)")
    }
    _ = try number(UInt32.self)
    let wanted = try number(UInt64.self)
    guard wanted <= length else {
      throw invalid("is cut off: \(length) of \(wanted) bytes are there")
    }
    guard wanted == length, try isIntact(interrupt) else { throw damaged }
    position = UInt64(HitFile.magic.count + 4)
    filled = 0
    used = 0
  }

  /// The error for a file that contradicts itself.
  var damaged: RemoteMemoryError { invalid("is damaged") }

  func invalid(_ what: String) -> RemoteMemoryError {
    RemoteMemoryError(.load, .invalid, detail: "\(path) \(what)")
  }

  /// How many bytes are left before the check sum.
  var left: UInt64 { end - min(end, position) + UInt64(filled - used) }

  /// Whether the check sum is that of the bytes before.
  private func isIntact(_ interrupt: InterruptCheck) throws(RemoteMemoryError) -> Bool {
    var sum = HitFileSum()
    position = 0
    filled = 0
    used = 0
    while position < end {
      if interrupt.isInterrupted { throw RemoteMemoryError(.load, .interrupted) }
      let isFirst = position == 0
      try fill()
      if isFirst {
        for offset in 0..<8 { unsafe room.bytes[HitFile.lengthOffset + offset] = 0 }
      }
      unsafe sum.add(UnsafeRawBufferPointer(rebasing: room.bytes[..<filled]))
      used = filled
    }
    var stored: UInt64 = 0
    let count = unsafe withUnsafeMutableBytes(of: &stored) {
      unsafe System.pread(descriptor.value, $0.baseAddress, 8, end)
    }
    return count == 8 && UInt64(littleEndian: stored) == sum.value
  }

  /// Fills the room anew from the file; at least one byte.
  private func fill() throws(RemoteMemoryError) {
    let wanted = unsafe Int(min(UInt64(room.bytes.count), end - min(end, position)))
    filled = 0
    used = 0
    try unsafe read(UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<wanted]))
    filled = wanted
  }

  private func read(_ target: UnsafeMutableRawBufferPointer) throws(RemoteMemoryError) {
    var done = 0
    while done < target.count {
      let count = unsafe System.pread(
        descriptor.value, target.baseAddress! + done, target.count - done, position)
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        throw RemoteMemoryError(.load, .system, errno: errno, detail: path)
      }
      if count == 0 { throw invalid("was cut off while it was read") }
      done += count
      position += UInt64(count)
    }
  }

  /// Takes so many bytes into memory; there is room for them.
  func take(_ count: Int, into target: UnsafeMutableRawPointer) throws(RemoteMemoryError) {
    guard UInt64(count) <= left else { throw damaged }
    var done = 0
    while done < count {
      if used == filled { try fill() }
      let part = min(count - done, filled - used)
      unsafe (target + done).copyMemory(from: room.bytes.baseAddress! + used, byteCount: part)
      used += part
      done += part
    }
  }

  /// Takes so many bytes.
  func bytes(_ count: Int) throws(RemoteMemoryError) -> [UInt8] {
    guard UInt64(count) <= left else { throw damaged }
    try Allocation.check(count, for: .load)
    var failure: RemoteMemoryError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      do throws(RemoteMemoryError) {
        if let start = target.baseAddress {
          try unsafe take(count, into: UnsafeMutableRawPointer(start))
        }
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Takes a number.
  func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type)
    throws(RemoteMemoryError) -> Number
  {
    try bytes(Number.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  /// Takes how many of something follow.
  /// - Parameter least: the least number of bytes that each takes.
  func count(least: Int) throws(RemoteMemoryError) -> Int {
    let count = try number(UInt32.self)
    guard UInt64(count) * UInt64(least) <= left else { throw damaged }
    return Int(count)
  }

  /// Takes a text with its length.
  func text() throws(RemoteMemoryError) -> [UInt8] {
    let count = try number(UInt32.self)
    guard count <= UInt32(HitFile.longestText) else { throw damaged }
    return try bytes(Int(count))
  }
}
