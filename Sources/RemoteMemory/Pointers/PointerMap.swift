public import MemoryModel

/// Every pointer of a process at one moment, sorted by where it leads: so that who points near an
/// address is known without reading anything again.
///
/// A word counts as a pointer when something readable lies within its reach, so that no path is
/// missed that leads through memory with offsets up to the reach. It does not change, needs no
/// process, and can be saved.
public final class PointerMap: Sendable {
  /// What it was made of, in words.
  public let label: String
  /// How wide the pointers are.
  public let pointerWidth: PointerWidth
  /// Which byte of them comes first.
  public let byteOrder: ByteOrder
  /// The modules and named regions, whose data is where paths may begin.
  public let bases: [PointerBase]
  /// How the reading went.
  public let outcome: ScanOutcome
  let space: PointerSpace
  let table: PointerTable
  /// How long work on it learns that it is to stop.
  let interrupt: InterruptCheck
  /// How searches in it are carried out.
  let budget: MemoryBudget

  init(
    label: String, pointerWidth: PointerWidth, byteOrder: ByteOrder, bases: [PointerBase],
    outcome: ScanOutcome, space: PointerSpace, table: PointerTable, interrupt: InterruptCheck,
    budget: MemoryBudget
  ) {
    self.label = label
    self.pointerWidth = pointerWidth
    self.byteOrder = byteOrder
    self.bases = bases
    self.outcome = outcome
    self.space = space
    self.table = table
    self.interrupt = interrupt
    self.budget = budget
  }

  /// How many pointers there are.
  public var count: Int { table.count }

  /// The greatest offset that paths found in it may have, up or down, in bytes.
  public var reach: UInt64 { space.reach }

  /// The addresses at which pointers were looked for are multiples of it.
  public var alignment: Int { table.layout.step }

  /// What it holds of memory, in bytes.
  public var memoryByteCount: Int { table.store.memoryByteCount + table.indexByteCount }

  /// What it holds on disk, in bytes.
  public var diskByteCount: Int { table.store.diskByteCount }
}

/// How a pointer map is made.
public struct PointerMapOptions {
  /// The greatest offset that paths are to have, up or down, in bytes; up to 16 MiB. Default 4096.
  public var reach: UInt64
  /// The addresses of pointers are multiples of it: a power of two up to 4096, or nil for the width
  /// of a pointer.
  public var alignment: Int?
  /// Addresses that paths will be looked for to, which count as readable.
  public var targets: [Address]
  /// How.
  public var scan: ScanOptions

  /// Options; everything may be left out.
  public init(
    reach: UInt64 = 4096, alignment: Int? = nil, targets: [Address] = [],
    scan: ScanOptions = ScanOptions()
  ) {
    self.reach = reach
    self.alignment = alignment
    self.targets = targets
    self.scan = scan
  }

  /// The greatest reach, in bytes.
  public static let greatestReach: UInt64 = 16 << 20
}
