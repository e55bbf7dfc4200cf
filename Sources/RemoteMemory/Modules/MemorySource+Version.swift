public import MemoryModel

extension MemorySource {
  /// What names the build of a module, its GNU build-id, in hexadecimal digits: from memory, or where
  /// that does not hold it from the file it was mapped from.
  /// - Returns: nil when it has none, or it cannot be read.
  public func buildID(of module: Module) -> String? {
    let id = BuildID.read { offset, count in
      readable(at: module.base.offset(by: Int64(clamping: offset)), count: count)
    }
    if let id { return digits(id) }
    guard let first = module.regions.first, let file = ProgramFile.open(first, of: self) else {
      return nil
    }
    return BuildID.read { file.bytes($0, $1) }.map(digits)
  }

  /// The SHA-256 of the file a module was mapped from, as sha256sum(1) prints it.
  /// - Returns: nil when the file is gone, was replaced, or cannot be read.
  public func fileHash(of module: Module) -> String? {
    guard let first = module.regions.first, let file = ProgramFile.open(first, of: self) else {
      return nil
    }
    var hash = ByteHash(.sha256)
    var done: UInt64 = 0
    while done < file.byteCount {
      let bytes = file.bytes(done, 1 << 20)
      guard !bytes.isEmpty, !interrupt.isInterrupted else { return nil }
      unsafe bytes.withUnsafeBytes { unsafe hash.update($0) }
      done += UInt64(bytes.count)
    }
    return hash.finish()
  }

  /// Up to so many bytes: fewer where memory ends.
  private func readable(at address: Address, count: Int) -> [UInt8] {
    guard count > 0, count <= 1 << 20 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      let transfer = try? unsafe read(UnsafeMutableRawBufferPointer(room), from: address)
      filled = transfer?.completedBytes ?? 0
    }
  }
}

/// Bytes as hexadecimal digits without spaces.
private func digits(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
