import Glibc

extension Layout {
  /// Mappings of files, some with names that are hard to parse.
  static let files: [Layout] = [
    Layout("shared-file", "shared_file= 2 pages of a file, MAP_SHARED rw; shared_file_path=") {
      stage, _ in
      addFile("shared_file", MAP_SHARED, to: stage)
    },
    Layout("private-file", "private_file= the same, MAP_PRIVATE; private_file_path=") { stage, _ in
      addFile("private_file", MAP_PRIVATE, to: stage)
    },
    Layout("truncated-file", "truncated= 4 pages of a file cut to 4196 bytes; truncated_end=") {
      stage, _ in
      let path = Array((stage.scratch.path + "/truncated").utf8)
      let block = mappedFile(path, pages: 4, MAP_PRIVATE, in: stage.scratch)
      withPath(path) { name in
        guard truncate(name, pageSize + 100) == 0 else { fail("truncate: \(errorText())") }
      }
      stage.add("truncated", block)
      stage.book.add("truncated_end", block.pages(from: 2))
      stage.book.add("truncated_path", text: String(decoding: path, as: UTF8.self))
    },
    Layout(
      "odd-names", "odd_KIND= pages of files with odd names; odd_KIND_name= in hex"
    ) {
      stage, _ in
      let folder = Array(stage.scratch.path.utf8)
      for odd in OddName.all { odd.map(in: folder, stage) }
    },
  ]

  private static func addFile(_ key: String, _ flags: Int32, to stage: Stage) {
    let path = stage.scratch.path + "/" + key
    stage.add(key, mappedFile(Array(path.utf8), pages: 2, flags, in: stage.scratch))
    stage.book.add(key + "_path", text: path)
  }

  /// Makes a file with the pattern and maps it readable and writable.
  static func mappedFile(
    _ path: [UInt8], pages count: Int, _ flags: Int32, in scratch: ScratchFolder
  ) -> Block {
    let descriptor = withPath(path) { open($0, O_RDWR | O_CREAT | O_TRUNC, 0o600) }
    let byteCount = count * pageSize
    guard descriptor >= 0, ftruncate(descriptor, byteCount) == 0 else {
      fail("cannot make a file: \(errorText())")
    }
    defer { close(descriptor) }
    scratch.note(path)
    let content = Block.mapped(byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor)
    content.fillWithPattern()
    defer { content.unmap() }
    return .mapped(byteCount, PROT_READ | PROT_WRITE, flags, descriptor)
  }

  static func withPath<Result>(
    _ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    (path.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { bytes in
      guard let name = bytes.baseAddress else { fail("no path") }
      return body(name)
    }
  }
}
