public import MemoryModel
import Synchronization

/// The memory of a process in a core file: one of ours, of the kernel, or of gcore(1); see core(5).
///
/// Opening it reads headers and notes; memory is read from the file when it is asked for, so a file
/// may be larger than memory, and one that somebody cuts off meanwhile has holes and does no other
/// harm. Mapped files of which the core holds only the beginning, as kernel and gcore do it, are read
/// from this machine's disk if they are the same builds.
public final class CoreFile: CapturedMemory, @unchecked Sendable {
  /// The path it was opened by.
  public let path: String
  /// How wide its pointers are: the class of its ELF header.
  public let pointerWidth: PointerWidth
  /// Its byte order.
  public let byteOrder: ByteOrder
  /// `core of process 4121 (game)`.
  public let label: String
  /// nil: no live process is behind it.
  public let processID: ProcessID? = nil
  /// How transfers are cut.
  public let limits: TransferLimits
  /// How long operations learn that they are to stop.
  public let interrupt: InterruptCheck
  /// What the file says of the process; what it does not say is 0 or empty.
  public let notes: ProcessNotes
  /// When the memory was captured, in seconds since 1970; only our own cores say it.
  public let captureTime: Double?
  /// How many bytes the file has.
  public let fileByteCount: UInt64
  /// Whether the file is shorter than its headers say; what is cut off are holes.
  public let isTruncated: Bool
  /// The mapped files of which the core does not hold all, in the order of addresses, and whether
  /// they are read from disk instead.
  public let mappedFiles: [MappedFile]

  let descriptor: Descriptor
  private let mappedDescriptors: [Int32]
  let map: RegionMap
  /// The map with the ends of images, which are read when somebody asks.
  private let fullMap = Mutex<RegionMap?>(nil)
  /// What is known of its modules.
  public let moduleCache = ModuleCache()
  let memory: CoreMemory
  let extents = Mutex<DataExtents?>(nil)
  let counters = TransferCounters()

  init(_ parts: CoreParts, options: CoreOptions) {
    path = parts.path
    pointerWidth = parts.header.format.pointerWidth
    byteOrder = parts.header.format.byteOrder
    notes = parts.notes
    captureTime = parts.captureTime
    label =
      parts.notes.id.rawValue > 0
      ? "core of process \(parts.notes.id) (\(printable(parts.notes.nameBytes)))"
      : "core file \(parts.path)"
    limits = options.limits
    interrupt = options.interrupt
    fileByteCount = parts.fileByteCount
    descriptor = Descriptor(parts.takeDescriptor())
    map = RegionMap(parts.regions)
    isTruncated = parts.layout.stretches.contains { $0.content == .truncated }
    memory = parts.memory
    mappedFiles = parts.mappedFiles
    mappedDescriptors = parts.mappedDescriptors
  }

  deinit {
    for descriptor in mappedDescriptors where descriptor >= 0 { System.close(descriptor) }
  }

  /// What was mapped when the core was made.
  ///
  /// Cores of kernel and gdb do not say which mappings were shared, nor the names in brackets; the
  /// heap, the stack and the vdso are told from the auxiliary vector.
  public func regionMap() throws(RemoteMemoryError) -> RegionMap {
    if let known = fullMap.withLock({ $0 }) { return known }
    var full = map
    unsafe full.findImageEnds { unsafe gatherHeaders($0, $1) }
    let made = full
    return fullMap.withLock { kept in
      if let known = kept { return known }
      kept = made
      return made
    }
  }

  /// System calls made and bytes copied so far.
  public var statistics: TransferStatistics { counters.current }

  /// Always throws: a core is not written.
  /// - Throws: `EREADONLY`.
  public func write(
    _ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions
  ) throws(RemoteMemoryError) {
    var error = RemoteMemoryError(
      .write, .readOnly, address: address, requestedBytes: bytes.count,
      detail: "\(label) cannot be written")
    error.start = address
    throw error
  }
}

/// How a core is opened.
public struct CoreOptions: Sendable {
  /// Whether mapped files are looked for on this machine's disk.
  public var readsMappedFiles: Bool
  /// How transfers are cut.
  public var limits: TransferLimits
  /// How long operations learn that they are to stop.
  public var interrupt: InterruptCheck

  /// Options; everything may be left out.
  public init(
    readsMappedFiles: Bool = true, limits: TransferLimits = .standard,
    interrupt: InterruptCheck = .never
  ) {
    self.readsMappedFiles = readsMappedFiles
    self.limits = limits
    self.interrupt = interrupt
  }
}
