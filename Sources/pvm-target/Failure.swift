import Glibc

/// Says on stderr why the target cannot go on, and ends it with exit code 2.
func fail(_ message: String) -> Never {
  writeAll("pvm-target: \(message)\n", to: 2)
  exit(2)
}

/// The text of the last failed system call, such as "Permission denied".
func errorText(_ code: Int32 = errno) -> String {
  String(cString: strerror(code))
}

/// Writes text in full to a descriptor, past signals and short writes.
func writeAll(_ text: String, to descriptor: Int32 = 1) {
  var text = text
  text.withUTF8 { bytes in
    var written = 0
    while let start = bytes.baseAddress, written < bytes.count {
      let count = write(descriptor, start + written, bytes.count - written)
      if count < 0 && errno != EINTR { return }
      written += max(count, 0)
    }
  }
}
