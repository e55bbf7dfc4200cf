import Glibc

/// MADV_GUARD_INSTALL of madvise(2), Linux 6.13; missing from older headers.
private let adviceGuardInstall: Int32 = 102

extension Block {
  /// The part that begins at a page and is some pages long.
  func pages(from first: Int, count: Int = 1) -> Block {
    Block(base: base + first * pageSize, byteCount: count * pageSize)
  }

  func protect(_ protection: Int32) {
    guard mprotect(base, byteCount, protection) == 0 else { fail("mprotect: \(errorText())") }
  }

  func unmap() {
    guard munmap(base, byteCount) == 0 else { fail("munmap: \(errorText())") }
  }

  static func patterned(pages count: Int) -> Block {
    let block = Block.pages(count * pageSize)
    block.fillWithPattern()
    return block
  }
}

extension Layout {
  static let protections: [Layout] = [
    Layout("holes", "holes= 8 pages with the pattern, the fifth unmapped; holes_gap=") { stage, _ in
      let block = Block.patterned(pages: 8)
      stage.addHole(block.pages(from: 4))
      stage.add("holes", block)
      stage.book.add("holes_gap", block.pages(from: 4))
    },
    Layout("prot-none", "prot_none= 3 pages, the middle one PROT_NONE; prot_none_gap=") {
      stage, _ in
      let block = Block.patterned(pages: 3)
      block.pages(from: 1).protect(PROT_NONE)
      stage.add("prot_none", block)
      stage.book.add("prot_none_gap", block.pages(from: 1))
    },
    Layout("guard", "guard= the same with a guard page; guard_installed=0x0: PROT_NONE") {
      stage, _ in
      let block = Block.patterned(pages: 3)
      let middle = block.pages(from: 1)
      let isInstalled = madvise(middle.base, pageSize, adviceGuardInstall) == 0
      if !isInstalled { middle.protect(PROT_NONE) }
      stage.add("guard", block)
      stage.book.add("guard_gap", middle)
      stage.book.add("guard_installed", isInstalled ? 1 : 0)
    },
    Layout("writable-then-read-only", "edge_ro= 2 pages, rw then r--; edge_ro_boundary=") {
      stage, _ in
      let block = Block.patterned(pages: 2)
      block.pages(from: 1).protect(PROT_READ)
      stage.add("edge_ro", block)
      stage.book.add("edge_ro_boundary", block.pages(from: 1))
    },
    page("read-only", "read_only", PROT_READ),
    page("write-only", "write_only", PROT_WRITE),
    page("exec-only", "exec_only", PROT_EXEC),
    page("read-exec", "read_exec", PROT_READ | PROT_EXEC),
    page("no-access", "no_access", PROT_NONE),
    Layout("churn", "churn= 64 pages that a thread maps, protects and unmaps without end") {
      stage, _ in
      let block = Block.pages(64 * pageSize)
      stage.add("churn", block)
      let churn = UncheckedBox(value: Churn(block))
      startThread { churn.value.run() }
    },
  ]

  private static func page(_ name: String, _ key: String, _ protection: Int32) -> Layout {
    Layout(name, "\(key)= one page with the pattern") { stage, _ in
      let block = Block.patterned(pages: 1)
      block.protect(protection)
      stage.add(key, block)
    }
  }
}
