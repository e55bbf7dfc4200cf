import CProcessVM
import Synchronization

/// The memory in which the hits of a scan or the pages of a snapshot lie: pieces that are taken one
/// after the other, never moved, and given back all at once.
///
/// What does not fit the budget lies in a temporary file without a name, mapped like memory. May be
/// used from any thread; each takes a `MemorySlab` and fills it alone.
@safe final class MemoryStore: @unchecked Sendable {
  private struct Slabs {
    /// Where each starts, and its size.
    var mapped: [(address: UInt, byteCount: Int)] = []
    var file: SpillFile?
  }

  /// How much may be held in memory.
  let budget: MemoryBudget
  /// Stores that hold memory this one's chunks point into.
  private let lenders: Mutex<[MemoryStore]>
  private let slabs = Mutex(Slabs())
  private let blocks = Atomic(false)
  private let inMemory = Atomic(0)
  private let onDisk = Atomic(0)

  init(budget: MemoryBudget, lenders: [MemoryStore] = []) {
    self.budget = budget
    self.lenders = Mutex(lenders)
  }

  deinit {
    slabs.withLock { slabs in
      for slab in slabs.mapped {
        _ = unsafe pvm_unmap(UnsafeMutableRawPointer(bitPattern: slab.address), slab.byteCount)
      }
    }
    budget.giveBack(inMemory.load(ordering: .relaxed))
  }

  /// The memory it holds, in bytes; some of it may never have been touched.
  var memoryByteCount: Int { inMemory.load(ordering: .relaxed) }

  /// What it holds on disk, in bytes.
  var diskByteCount: Int { onDisk.load(ordering: .relaxed) }

  /// Where its pieces lie in our memory.
  var pieces: [Range<UInt>] {
    slabs.withLock { $0.mapped.map { $0.address..<($0.address + UInt($0.byteCount)) } }
  }

  /// Notes that values lie in it as blocks, which later steps may go on using.
  func noteBlocks() { blocks.store(true, ordering: .relaxed) }

  /// The stores that hold the blocks of this scan's values.
  var blockOwners: [MemoryStore] { (blocks.load(ordering: .relaxed) ? [self] : []) + lentBy }

  /// The stores it keeps alive because its chunks point into them.
  var lentBy: [MemoryStore] { lenders.withLock { $0 } }

  /// It and every store its chunks point into.
  var owners: [MemoryStore] { [self] + lentBy }

  /// Keeps other stores alive as well, since chunks point into them.
  func borrow(from stores: [MemoryStore]) {
    lenders.withLock { lenders in
      for store in stores where store !== self && !lenders.contains(where: { $0 === store }) {
        lenders.append(store)
      }
    }
  }

  /// New memory of at least so many bytes, zeroed.
  /// - Throws: `ENOMEM` or `ENOSPC` when neither memory nor disk has room.
  func slab(byteCount: Int) throws(RemoteMemoryError) -> UnsafeMutableRawBufferPointer {
    let page = Int(System.pageSize)
    let (raised, overflow) = byteCount.addingReportingOverflow(page - 1)
    if overflow { throw RemoteMemoryError(.scan, .system, errno: .noMemory) }
    let size = max(raised / page * page, page)
    if budget.take(size) {
      guard let memory = unsafe pvm_map_memory(size, size >= 2 << 20) else {
        budget.giveBack(size)
        throw Self.noRoom(size)
      }
      inMemory.wrappingAdd(size, ordering: .relaxed)
      return unsafe keep(UnsafeMutableRawBufferPointer(start: memory, count: size))
    }
    return try unsafe spill(size)
  }

  private func keep(_ slab: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
    let place = (address: UInt(bitPattern: slab.baseAddress), byteCount: slab.count)
    slabs.withLock { $0.mapped.append(place) }
    return unsafe slab
  }

  private func spill(_ size: Int) throws(RemoteMemoryError) -> UnsafeMutableRawBufferPointer {
    let outcome: Result<UInt, RemoteMemoryError> = slabs.withLock { slabs in
      do throws(RemoteMemoryError) {
        if slabs.file == nil { slabs.file = try SpillFile() }
        return .success(try slabs.file!.extend(by: size))
      } catch {
        return .failure(error)
      }
    }
    let start = unsafe UnsafeMutableRawPointer(bitPattern: try outcome.get())
    onDisk.wrappingAdd(size, ordering: .relaxed)
    return unsafe keep(UnsafeMutableRawBufferPointer(start: start, count: size))
  }

  static func noRoom(_ byteCount: Int) -> RemoteMemoryError {
    RemoteMemoryError(
      .scan, .system, errno: .noMemory, detail: "\(byteCount) bytes of our own memory")
  }
}

/// A temporary file without a name that grows by mapped pieces.
private final class SpillFile {
  private let descriptor: Descriptor
  private var byteCount: UInt64 = 0

  init() throws(RemoteMemoryError) {
    try Sandbox.check(.scan, "memory is used up, and files to hold the rest are out of reach")
    let number = unsafe SpillFolder.path.withCString { unsafe pvm_temporary_file($0) }
    if let errno = Errno(result: Int(number)) {
      throw RemoteMemoryError(
        .scan, .system, errno: errno,
        detail: "a temporary file in \(SpillFolder.path) for what memory does not hold")
    }
    descriptor = Descriptor(number)
  }

  /// The address of so many more bytes.
  func extend(by size: Int) throws(RemoteMemoryError) -> UInt {
    let result = pvm_extend_file(descriptor.value, byteCount, UInt64(size))
    if let errno = Errno(result: Int(result)) {
      throw RemoteMemoryError(
        .scan, .system, errno: errno, detail: "\(size) more bytes on disk in \(SpillFolder.path)")
    }
    guard let memory = unsafe pvm_map_file(descriptor.value, byteCount, size) else {
      throw MemoryStore.noRoom(size)
    }
    byteCount += UInt64(size)
    return UInt(bitPattern: memory)
  }
}

/// Where temporary files go.
enum SpillFolder {
  /// `TMPDIR`, or /var/tmp, which is meant for large files and outlives a restart on disk.
  static let path: String = {
    guard let folder = unsafe pvm_environment("TMPDIR") else { return "/var/tmp" }
    return unsafe String(cString: folder)
  }()

  /// What may still be written there, in bytes.
  static var freeBytes: Int {
    let descriptor = Descriptor(System.open(path, Int32(PVM_DIRECTORY)))
    return descriptor.isOpen ? Int(max(pvm_free_disk_bytes(descriptor.value), 0)) : 0
  }
}
