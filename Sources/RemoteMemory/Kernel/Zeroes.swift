import Glibc

extension UnsafeMutableRawBufferPointer {
  /// Makes every byte zero, by memset(3): as quick in a debug build as in any other.
  func clear() {
    guard let start = baseAddress else { return }
    unsafe memset(start, 0, count)
  }
}
