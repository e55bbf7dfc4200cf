/// How a process is to be attached.
public struct AttachOptions: Sendable {
  /// What may be done with it; default reading and writing. Nothing is written unless asked.
  public var mode: AccessMode
  /// How transfers are cut; default the fastest.
  public var limits: TransferLimits
  /// How long operations learn that they are to stop; default never.
  public var interrupt: InterruptCheck
  /// Who is asked and told about writes; default nobody.
  public var oversight = WriteOversight()
  /// Kernel features left unused, as if the kernel were too old for them; for tests.
  var without: Set<KernelFeature> = []
  /// Where the reasons for a refusal are looked up; for tests.
  var evidence: any AccessEvidenceSource = SystemAccessEvidence()

  /// How many bytes a write of so many at an address gets through, as if the kernel had stopped
  /// there; for tests.
  var writeStop: (@Sendable (_ address: UInt64, _ count: Int) -> Int)?

  /// Options; everything may be left out.
  public init(
    mode: AccessMode = .readWrite, limits: TransferLimits = .standard,
    interrupt: InterruptCheck = .never
  ) {
    self.mode = mode
    self.limits = limits
    self.interrupt = interrupt
  }
}

/// What newer kernels have and this module can do without.
enum KernelFeature: Hashable, Sendable {
  /// pidfd_open(2), Linux 5.3.
  case processDescriptor
  /// PIDFD_THREAD, Linux 6.9.
  case threadDescriptor
  /// PROCMAP_QUERY, Linux 6.11.
  case mappingQuery
  /// A descriptor of /proc/PID/mem, which some sandboxes refuse.
  case memoryFile
  /// PAGEMAP_SCAN, Linux 6.7.
  case pageScan
  /// A descriptor of /proc/PID/pagemap, which some sandboxes refuse.
  case pageMap
  /// Opening what a process has mapped by /proc/PID/map_files, for which only root has the right.
  case mappedFiles
  /// /proc/sys/kernel/ns_last_pid, by which forks are noticed.
  case lastProcessNumber
}
