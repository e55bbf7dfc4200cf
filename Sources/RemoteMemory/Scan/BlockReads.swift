public import MemoryModel
import Synchronization

/// The reads of long operations that have begun and not yet ended, of all threads: a mapping of a
/// file system or of a program that does not answer holds a reader up for ever, and this tells which.
public enum BlockReads {
  /// A read that goes on.
  public struct Read: Sendable {
    /// What is read.
    public let source: any MemorySource
    /// From the first byte of the block to the last; not all between them is read.
    public let range: AddressRange
    let since: UInt64

    /// For how long, in seconds.
    public var seconds: Double { Double(System.coarseClock &- since) / 1e9 }
  }

  private static let reads = Mutex<[ObjectIdentifier: Read]>([:])

  static func begin(_ reader: BlockReader, _ source: any MemorySource, _ range: AddressRange) {
    let read = Read(source: source, range: range, since: System.coarseClock)
    reads.withLock { $0[ObjectIdentifier(reader)] = read }
  }

  static func end(_ reader: BlockReader) {
    _ = reads.withLock { $0.removeValue(forKey: ObjectIdentifier(reader)) }
  }

  /// The read that has gone on longest, if that is at least so many seconds.
  public static func hanging(seconds: Double) -> Read? {
    let oldest = reads.withLock { reads in reads.values.min { $0.since < $1.since } }
    return oldest.flatMap { $0.seconds >= seconds ? $0 : nil }
  }
}
