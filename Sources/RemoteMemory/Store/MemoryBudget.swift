import Synchronization

/// How much memory of our own scans and snapshots may hold before they go to disk; shared by all that are given
/// the same budget. May be used from any thread.
public final class MemoryBudget: Sendable {
  /// The limit in bytes; nil for half of what is free, reckoned anew each time.
  public let limit: Int?
  private let held = Atomic(0)
  private let freeDisk: @Sendable () -> Int

  /// A budget of so many bytes, or by default half of the machine's free memory.
  public convenience init(limit: Int? = nil) {
    self.init(limit: limit, freeDisk: { SpillFolder.freeBytes })
  }

  /// - Parameter freeDisk: how many bytes the disk for temporary files has left.
  init(limit: Int?, freeDisk: @escaping @Sendable () -> Int) {
    let most = Sandbox.isClosed ? SystemMemory.available / 2 : .max
    self.limit = limit.map { min(max($0, 0), most) }
    self.freeDisk = freeDisk
  }

  /// What everything uses that is given none.
  public static let standard = MemoryBudget()

  /// How many bytes are held at this moment.
  public var used: Int { held.load(ordering: .relaxed) }

  /// How many more bytes may be held.
  public var left: Int {
    let used = used
    return max(0, (limit ?? (used + SystemMemory.available) / 2) - used)
  }

  /// How many bytes may go to disk when memory is used up: what is free there, less a tenth.
  var diskLeft: Int { max(freeDisk(), 0) / 10 * 9 }

  /// Takes so many bytes of it; false when there are not enough left.
  func take(_ byteCount: Int) -> Bool {
    var used = used
    let most = limit ?? (used + SystemMemory.available) / 2
    // Others may take at the same moment.
    while byteCount <= most - used {
      let (isTaken, current) = held.compareExchange(
        expected: used, desired: used + byteCount, ordering: .relaxed)
      if isTaken { return true }
      used = current
    }
    return false
  }

  /// Gives bytes back.
  func giveBack(_ byteCount: Int) { held.wrappingSubtract(byteCount, ordering: .relaxed) }
}

/// The memory of this machine.
enum SystemMemory {
  /// MemAvailable of proc_meminfo(5), in bytes; a GiB where it cannot be read.
  static var available: Int {
    guard case .success(let text) = ProcFile.bytes("/proc/meminfo") else { return 1 << 30 }
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "))
      guard words.count > 1, words[0].elementsEqual("MemAvailable:".utf8),
        let number = Int(String(decoding: words[1], as: UTF8.self))
      else { continue }
      return number << 10
    }
    return 1 << 30
  }
}
