public import MemoryModel
import Synchronization

extension RemoteProcess {
  /// Whether writes are only pretended.
  public var isPretending: Bool { mode == .pretend }

  /// Asks whether bytes may be written, as `write` does. For what is written piece by piece or again
  /// and again: such writes then carry `WriteOptions.isApproved`, so that nobody is asked twice.
  /// - Throws: `EREFUSED`, and what `write` throws of bytes that cannot be written at all.
  public func approve(_ bytes: [UInt8], at address: Address, options: WriteOptions = .ordinary)
    throws(RemoteMemoryError)
  {
    try checkMayWrite(at: address, count: bytes.count)
    guard !bytes.isEmpty, asksAboutWrites, !options.isApproved else { return }
    try checkWritable(address, bytes.count, options)
    let outcome: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
      Result { () throws(RemoteMemoryError) in try unsafe askWhetherToWrite(bytes, address, options)
      }
    }
    try outcome.get()
  }

  /// Whether somebody is asked about writes.
  var asksAboutWrites: Bool { oversight.approve != nil || oversight.allowance?.left != nil }

  /// Asks those who want to be asked about a write that could be done.
  func askWhetherToWrite(
    _ bytes: UnsafeRawBufferPointer, _ address: Address, _ options: WriteOptions
  ) throws(RemoteMemoryError) {
    guard !options.isApproved else { return }
    if let allowance = oversight.allowance, !allowance.take() {
      throw RemoteMemoryError(
        .write, .refused, process: id, address: address, requestedBytes: bytes.count,
        detail: "as many writes were made as pvm.limits allows")
    }
    guard let approve = oversight.approve else { return }
    try approve(try unsafe proposal(bytes, address, options))
    // Whoever was asked may have closed it.
    try checkOpen(.write)
  }

  /// Says that this process is written to, once.
  func tellOfFirstWrite() {
    guard let tell = oversight.tellOfFirst, !wasWritten.load(ordering: .relaxed),
      !wasWritten.exchange(true, ordering: .relaxed)
    else { return }
    tell(self)
  }

  /// Does everything that `write` does but the writing: reads show the bytes from now on.
  func pretend(_ bytes: UnsafeRawBufferPointer, _ address: Address, _ options: WriteOptions)
    throws(RemoteMemoryError)
  {
    guard let pretence else { return }
    try checkReadable(address, bytes.count)
    let proposal = try unsafe proposal(bytes, address, options)
    guard unsafe pretence.keep(bytes, at: address) else {
      throw RemoteMemoryError(
        .write, .tooLarge, process: id, address: address, requestedBytes: bytes.count,
        detail: "a dry run keeps at most \(Pretence.limit >> 20) MiB of pretended bytes")
    }
    oversight.tellOfPretended?(proposal)
  }

  /// Throws where the kernel would not let bytes be written although the mapping does, such as guard
  /// pages: it does not let them be read either.
  private func checkReadable(_ address: Address, _ count: Int) throws(RemoteMemoryError) {
    var byte: UInt8 = 0
    var done: UInt64 = 0
    while done < UInt64(count) {
      let place = address.offset(by: Int64(bitPattern: done))
      let result = unsafe System.pread(memory.value, &byte, 1, place.rawValue)
      counters.countRead(result)
      if result != 1 { throw writeFailure(result, at: place, requestedBytes: count) }
      done &+= place.bytesToBoundary(of: System.pageSize)
    }
  }

  /// The write with what is there now. The bytes are read as the write would go, also where the
  /// target itself may only write.
  private func proposal(
    _ bytes: UnsafeRawBufferPointer, _ address: Address, _ options: WriteOptions
  ) throws(RemoteMemoryError) -> ProposedWrite {
    let count = min(bytes.count, ProposedWrite.shownBytes)
    var old = [UInt8](repeating: 0, count: count)
    let result = unsafe System.pread(memory.value, &old, count, address.rawValue)
    counters.countRead(result)
    guard result == count else {
      throw writeFailure(result, at: address, requestedBytes: bytes.count)
    }
    unsafe old.withUnsafeMutableBytes { unsafe pretence?.show(in: $0, at: address) }
    return unsafe ProposedWrite(
      process: self, address: address, byteCount: bytes.count, old: old,
      new: Array(bytes.prefix(count)), purpose: options.purpose)
  }
}
