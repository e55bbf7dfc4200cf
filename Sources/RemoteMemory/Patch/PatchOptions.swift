public import MemoryModel

/// How a patch is written, and what becomes of it.
public struct PatchOptions: Hashable, Sendable {
  /// Whether pages that the process itself cannot write may be changed: its code and constants. They
  /// become copies of its own; no file changes.
  public var isForced: Bool
  /// Whether all threads stand still while the bytes change, and none may be inside them.
  public var stops: Bool
  /// Whether memory that is shared with a file may be changed, which changes the file.
  public var sharedFile: Bool
  /// Whether it stays when the program ends.
  public var isKept: Bool

  /// Options; by default for data, taken back at the end.
  public init(
    isForced: Bool = false, stops: Bool? = nil, sharedFile: Bool = false, isKept: Bool = false
  ) {
    self.isForced = isForced
    self.stops = stops ?? isForced
    self.sharedFile = sharedFile
    self.isKept = isKept
  }

  /// For writes that were asked about before, all together.
  var writeOptions: WriteOptions {
    var options = WriteOptions(sharedFile: sharedFile, forced: isForced)
    options.isApproved = true
    return options
  }
}

/// How a patch stands.
public enum PatchStatus: Hashable, Sendable {
  /// It is not enabled.
  case off
  /// It is enabled, and its bytes are there.
  case on
  /// It is enabled, and at this address something else was written since.
  case changed(Address)
  /// The process has ended or runs another program.
  case gone
}
