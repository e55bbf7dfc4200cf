@preconcurrency import Glibc

/// Lines of any stream, and of terminals that know no escape sequences: not a byte of them is written.
final class PlainReader: LineReader {
  /// Read through the C stream, so that io.read finds what follows it.
  func line(_ request: LineRequest) -> LineInput {
    let watch = InterruptWatch.begin()
    defer { watch.end() }
    print(request.sign, terminator: "")
    fflush(stdout)
    guard watch.awaitInput() else {
      print()
      return .dropped
    }
    // A read that Ctrl-C ended before has left its mark.
    if ferror(stdin) != 0 { clearerr(stdin) }
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    let count = getline(&buffer, &capacity, stdin)
    defer { free(buffer) }
    guard count > 0, let buffer else { return .end }
    let end = buffer[count - 1] == CChar(UInt8(ascii: "\n")) ? count - 1 : count
    return .line(Array(UnsafeRawBufferPointer(start: buffer, count: end)))
  }

  func above(_ body: () -> Void) { body() }
  func remember(_ entry: [UInt8]) {}
}
