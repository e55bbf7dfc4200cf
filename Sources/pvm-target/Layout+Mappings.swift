import Glibc

extension Layout {
  private static let megabyte = 1 << 20

  /// Anonymous memory by kind and by quantity.
  static let mappings: [Layout] = [
    Layout("shared-anon", "shared_anon= 2 pages of MAP_SHARED anonymous memory") {
      stage, _ in
      let block = Block.mapped(
        2 * pageSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1)
      block.fillWithPattern()
      stage.add("shared_anon", block)
    },
    Layout("secretmem", "secretmem= one page of memfd_secret, 0x0 where the kernel gives none") {
      stage, _ in
      guard let block = secretPage() else { return stage.book.add("secretmem", 0) }
      block.fillWithPattern()
      stage.add("secretmem", block)
    },
    Layout("memfd", "memfd= 2 pages of a memfd named 'pvm memfd', shared, with the pattern") {
      stage, _ in
      let block = anonymousFile("pvm memfd", 2 * pageSize)
      block.fillWithPattern()
      stage.add("memfd", block)
    },
    Layout("sparse-memfd", default: 64, "sparse_memfd= N MiB of a memfd that nobody touched") {
      stage, count in
      stage.add("sparse_memfd", anonymousFile("pvm sparse", count * megabyte))
    },
    Layout("reservation", default: 64, "reservation= N GiB of anonymous memory that nobody touched")
    {
      stage, count in
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      stage.add(
        "reservation", .mapped(count * 1024 * megabyte, PROT_READ | PROT_WRITE, flags, -1))
    },
    Layout("block", default: 64, "block= N MiB of anonymous memory with the pattern") {
      stage, count in
      let block = Block.pages(count * megabyte)
      block.fillWithPattern()
      stage.add("block", block)
    },
    Layout(
      "many-mappings", default: 1000,
      "many= N pages, rw- and r-- by turns, beginning with their number"
    ) {
      stage, count in
      let block = Block.pages(count * pageSize)
      for page in 0..<count { block.store(UInt64(page), at: page * pageSize) }
      for page in stride(from: 1, to: count, by: 2) { block.pages(from: page).protect(PROT_READ) }
      stage.add("many", block)
      stage.book.add("many_count", UInt64(count))
    },
  ]

  private static func secretPage() -> Block? {
    let descriptor = KernelCall.secretFile()
    guard descriptor >= 0, ftruncate(descriptor, pageSize) == 0 else { return nil }
    let base = mmap(nil, pageSize, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    close(descriptor)
    guard let base, base != MAP_FAILED else { return nil }
    return Block(base: base, byteCount: pageSize)
  }

  static func anonymousFile(_ name: String, _ byteCount: Int) -> Block {
    let descriptor = KernelCall.anonymousFile(Array(name.utf8))
    guard descriptor >= 0, ftruncate(descriptor, byteCount) == 0 else {
      fail("memfd_create: \(errorText())")
    }
    defer { close(descriptor) }
    return .mapped(byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor)
  }
}
