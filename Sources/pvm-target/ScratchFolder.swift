import Glibc

/// The folder in which layouts make their files: one that was given, or one of our own that is
/// made when first needed and removed at the end.
final class ScratchFolder {
  private let given: String?
  private var own: String?
  private var made: [[UInt8]] = []

  init(_ given: String?) { self.given = given }

  /// The folder's path as the kernel shows it.
  var path: String {
    if let path = given ?? own { return canonical(path) }
    var template = Array("\(temporaryFolder)/pvm-target-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fail("mkdtemp: \(errorText())") }
    let made = canonical(String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self))
    own = made
    EndingSignal.postpone()
    return made
  }

  /// Notes a file or folder that was made inside, for its removal.
  func note(_ path: [UInt8]) { made.append(path) }

  /// Removes our own folder with all that was noted; leaves a given one alone.
  func remove() {
    guard let own else { return }
    for path in made.reversed() { _ = Layout.withPath(path) { Glibc.remove($0) } }
    rmdir(own)
    self.own = nil
  }

  private var temporaryFolder: String {
    getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  }

  private func canonical(_ path: String) -> String {
    guard let real = realpath(path, nil) else { fail("\(path): \(errorText())") }
    defer { free(real) }
    return String(cString: real)
  }
}
