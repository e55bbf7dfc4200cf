public import MemoryModel

/// Memory that can be read, and perhaps written: a live process, later also a core file or a
/// snapshot.
///
/// Everything built on it is written once, as extensions: typed values, strings, scatter, pointer
/// chains. An implementation never invents bytes: what it could not copy is reported as not copied.
public protocol MemorySource: AnyObject, Sendable {
  /// How wide a pointer is in this memory.
  var pointerWidth: PointerWidth { get }
  /// Which byte of a number comes first in this memory.
  var byteOrder: ByteOrder { get }
  /// What to call it in a message: `process 4121 (supertux2)`.
  var label: String { get }
  /// The live process behind it; nil for a file.
  var processID: ProcessID? { get }
  /// How transfers are cut.
  var limits: TransferLimits { get }
  /// How a long operation learns that it is to stop.
  var interrupt: InterruptCheck { get }
  /// What it has cost so far.
  var statistics: TransferStatistics { get }

  /// What is known of its modules.
  var moduleCache: ModuleCache { get }

  /// What is mapped at this moment.
  func regionMap() throws(RemoteMemoryError) -> RegionMap

  /// The modules at this moment, of which only the one at an address need be right.
  func moduleIndex(for address: Address) throws(RemoteMemoryError) -> ModuleIndex

  /// Copies one range into `buffer`, up to the first byte that cannot be read.
  ///
  /// An unreadable start is an outcome with 0 completed bytes. It throws only when nothing can be
  /// read any more: the process is gone, runs another program, is refused, or the source is closed.
  func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer

  /// Copies many ranges into `buffer`, one behind the other, and goes on after what cannot be read.
  ///
  /// - Parameters:
  ///   - spans: the ranges, in any order; together no longer than `buffer`.
  ///   - buffer: the room. Bytes that could not be read are left as they were.
  /// - Returns: the holes as offsets into `buffer`, in rising order; empty, and nothing allocated,
  ///   when all was read.
  func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  )
    throws(RemoteMemoryError) -> [Hole]

  /// What of some regions is worth reading: the pages that hold something and whose reading harms
  /// nobody.
  ///
  /// - Parameters:
  ///   - regions: the regions, as `regionMap` gave them; what has changed since is read as a hole.
  ///   - options: what else to take in.
  /// - Returns: runs of whole pages, and what was left out for which reason.
  func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError) -> Survey

  /// Gathers as `gather` does, and leaves the memory of the target as it is: pages that are shared
  /// with a forked process until one of them writes stay shared.
  ///
  /// May be called from several threads at once. What it gives counts only once `confirm` has
  /// returned: asking after every block would cost a scan a twentieth of its speed.
  func gatherGently(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  )
    throws(RemoteMemoryError) -> [Hole]

  /// Throws when what `gatherGently` gave so far may have been somebody else's: the process has
  /// ended or runs another program.
  func confirm() throws(RemoteMemoryError)

  /// Writes all of `bytes`, or nothing: a write that stops half way is taken back before the error
  /// is thrown.
  func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
    throws(RemoteMemoryError)

  /// An error for bytes that could not be read or written at `address`, with the mapping nearby in
  /// words.
  func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError
}

/// A part of a gathered buffer that could not be read.
public struct Hole: Hashable, Sendable {
  /// The first byte of it in the buffer.
  public let offset: Int
  /// Its length in bytes, at least 1.
  public let count: Int
  /// The address of its first byte.
  public let address: Address

  /// A hole of `count` bytes, `offset` bytes into the buffer.
  public init(offset: Int, count: Int, address: Address) {
    self.offset = offset
    self.count = count
    self.address = address
  }
}

/// What a write is allowed to do.
public struct WriteOptions: Hashable, Sendable {
  /// Whether memory that is shared with a file may be written, which changes the file on disk.
  public var sharedFile: Bool
  /// Whether private pages may be written that the target itself cannot write, such as its code;
  /// they become copies of its own.
  public var forced: Bool
  /// Whether whoever is asked about writes has agreed already.
  public var isApproved = false
  /// What the write is for, in a few words; nil for a plain write.
  public var purpose: String?

  /// Options; by default shared files and what the target cannot write are refused.
  public init(sharedFile: Bool = false, forced: Bool = false) {
    self.sharedFile = sharedFile
    self.forced = forced
  }

  /// Ordinary writes.
  public static let ordinary = WriteOptions()
}

/// What may be done with a source.
public enum AccessMode: Hashable, Sendable {
  /// Reading only: every write is refused by the core itself.
  case readOnly
  /// Reading and writing.
  case readWrite
  /// A dry run: every write is checked as usual and then only pretended. Reads show the bytes that
  /// would be there.
  case pretend
}
