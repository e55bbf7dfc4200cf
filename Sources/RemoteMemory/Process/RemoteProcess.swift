public import MemoryModel
import Synchronization

/// A live process whose memory can be read and written, bound to one program run: never to another
/// that is given its number later, and not to another program it turns into by execve(2).
///
/// It holds a pidfd, a descriptor of `/proc/PID/mem` and one of `/proc/PID/maps`; the latter two
/// belong to one address space for ever. Nothing is stopped, signalled or traced. All operations
/// may be called from any thread; `close` must not run beside another one.
public final class RemoteProcess: MemorySource, @unchecked Sendable {
  /// Its number; that of the whole process also when it was attached by a thread's.
  public let id: ProcessID
  /// When it started, in clock ticks since the machine did; with the number it names one process
  /// for ever.
  public let startTime: UInt64
  /// The name the kernel keeps, at most 15 bytes, as it was when attached.
  public let nameBytes: [UInt8]
  /// How wide its pointers are: the class of its ELF file.
  public let pointerWidth: PointerWidth
  /// Its byte order.
  public let byteOrder: ByteOrder
  /// Its machine in the words of uname(1): `x86_64`, `i386`, `aarch64`.
  public let machine: String
  /// What may be done with it.
  public let mode: AccessMode
  /// How transfers are cut.
  public let limits: TransferLimits
  /// How long operations learn that they are to stop.
  public let interrupt: InterruptCheck

  let without: Set<KernelFeature>
  let evidence: any AccessEvidenceSource
  let oversight: WriteOversight
  let writeStop: (@Sendable (UInt64, Int) -> Int)?

  /// The process; readable once it has ended.
  let processDescriptor: Descriptor
  /// /proc/PID/mem; a read or write of 0 bytes says that the address space is gone.
  let memory: Descriptor
  let memoryIsWritable: Bool
  /// Why the file could not be opened, or not for writing.
  let memoryErrno: Errno?
  /// /proc/PID/maps, for queries.
  let maps: Descriptor
  /// The thread by whose number memory is read: the first one as long as it lives.
  let route: ThreadRoute
  let windows = ReadableWindows()
  /// /proc/PID/pagemap, opened when first needed.
  let pageMap = Descriptor(-1)
  let relatives = ForkRelatives()
  let sharedWindows = SharedWindows()
  let counters = TransferCounters()
  /// The map that was last made.
  let lastMap = Mutex<KnownMap?>(nil)
  /// What is known of its modules.
  public let moduleCache = ModuleCache()
  let isClosed = Atomic(false)
  /// What a dry run has written; nil for any other mode.
  let pretence: Pretence?
  /// Whether `tellOfFirstWrite` has been at work.
  let wasWritten = Atomic(false)
  /// How many gathers of `gatherGently` there were.
  let gentleGathers = Atomic(0)

  init(_ found: AttachedParts, options: AttachOptions) {
    id = found.id
    startTime = found.task.startTime
    nameBytes = found.task.nameBytes
    pointerWidth = found.format?.pointerWidth ?? .eight
    byteOrder = found.format?.byteOrder ?? .host
    machine = found.format?.machineName ?? "unknown"
    mode = options.mode
    limits = options.limits
    interrupt = options.interrupt
    without = options.without
    evidence = options.evidence
    oversight = options.oversight
    pretence = options.mode == .pretend ? Pretence() : nil
    writeStop = options.writeStop
    processDescriptor = Descriptor(found.processDescriptor)
    memory = Descriptor(found.memory.descriptor)
    memoryIsWritable = found.memory.isWritable
    memoryErrno = found.memory.errno
    maps = Descriptor(found.maps)
    route = ThreadRoute(process: found.id, thread: found.thread, without: options.without)
  }

  /// The name as text; bytes that are not UTF-8 are replaced.
  public var name: String { String(decoding: nameBytes, as: UTF8.self) }

  /// `process 4121 (supertux2)`.
  public var label: String { "process \(id) (\(name))" }

  /// Whether it is this very process, whose own buffers hold whatever is searched for.
  public var isOurselves: Bool { id.rawValue == System.ownPID }

  /// Its number.
  public var processID: ProcessID? { id }

  /// System calls made and bytes copied so far.
  public var statistics: TransferStatistics { counters.current }

  /// Gives all descriptors back; every later operation throws `ECLOSED`. May be called again.
  public func close() {
    isClosed.store(true, ordering: .releasing)
    memory.close()
    maps.close()
    pageMap.close()
    processDescriptor.close()
    route.close()
  }

  /// Throws when it was closed.
  func checkOpen(_ operation: RemoteMemoryError.Operation) throws(RemoteMemoryError) {
    guard isClosed.load(ordering: .acquiring) else { return }
    throw RemoteMemoryError(operation, .closed, process: id)
  }
}
