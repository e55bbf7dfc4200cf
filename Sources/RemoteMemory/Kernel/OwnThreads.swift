import Synchronization

/// The numbers of the last threads we started ourselves.
///
/// They take numbers from the same row as processes do: without this, whoever looks for new
/// processes would wait for each of them that has already ended.
enum OwnThreads {
  private static let most = 512
  private static let numbers = Mutex<(ring: [Int32], next: Int)>((ring: [], next: 0))

  /// Notes the calling thread.
  static func note() {
    let number = System.threadID
    numbers.withLock { numbers in
      if numbers.ring.count < most {
        numbers.ring.append(number)
      } else {
        numbers.ring[numbers.next] = number
      }
      numbers.next = (numbers.next + 1) % most
    }
  }

  /// Whether a number is or was that of a thread of ours.
  static func contains(_ number: Int32) -> Bool { numbers.withLock { $0.ring.contains(number) } }
}
