import Glibc

/// Maps, fills, protects and unmaps the pages of a range without end, in a fixed pseudo-random
/// order. A reader sees `word` or 0 in every u64, or a fault; nothing else was ever there.
struct Churn {
  static let word: UInt64 = 0x5ca1_ab1e_5ca1_ab1e

  private let block: Block

  init(_ block: Block) { self.block = block }

  func run() -> Never {
    var random: UInt64 = 1
    while true {
      // Knuth's constants for a 64-bit linear congruential sequence.
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let first = Int(random >> 58)
      let count = min(1 + Int(random >> 52 & 7), 64 - first)
      change(block.pages(from: first, count: count), Int(random >> 48 & 3))
    }
  }

  private func change(_ part: Block, _ action: Int) {
    switch action {
    case 0: munmap(part.base, part.byteCount)
    case 1: mprotect(part.base, part.byteCount, PROT_NONE)
    default: renew(part)
    }
  }

  private func renew(_ part: Block) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
    let base = mmap(part.base, part.byteCount, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard base != MAP_FAILED else { return }
    for offset in stride(from: 0, to: part.byteCount, by: 8) { part.store(Self.word, at: offset) }
  }
}
