import CDebuginfo
import MemoryModel

/// Turns names as linkers know them into names as people write them: of C++, Swift and Rust.
enum Demangler {
  /// Longer ones stay as they are: a name that somebody made up can unfold into more than memory holds.
  static let longestName = 2048

  /// The name as people write it, printable; the same where it is of none of the languages.
  static func shown(_ name: [UInt8]) -> String {
    guard name.count <= longestName, isMangled(name[...]) else { return printable(name) }
    if let rust = RustName(name) { return printable(Array(rust.text.utf8)) }
    let text = isSwift(name[...]) ? swift(name) : cxx(name)
    return text.map { printable(Array($0.utf8)) } ?? printable(name)
  }

  /// Whether a name begins as those of the languages do.
  static func isMangled(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first, first == UInt8(ascii: "_") || first == UInt8(ascii: "$") else {
      return false
    }
    return name.starts(with: [0x5F, 0x5A]) || name.starts(with: [0x5F, 0x52]) || isSwift(name)
  }

  /// `$s`, `$S`, `$e`, and with an underscore as some systems write it.
  static func isSwift(_ name: ArraySlice<UInt8>) -> Bool {
    let rest = name.first == UInt8(ascii: "_") ? name.dropFirst() : name
    guard rest.first == UInt8(ascii: "$"), let letter = rest.dropFirst().first else { return false }
    return letter == UInt8(ascii: "s") || letter == UInt8(ascii: "S") || letter == UInt8(ascii: "e")
  }

  private static func cxx(_ name: [UInt8]) -> String? {
    unsafe take(withText(name) { unsafe pvd_demangle_cxx($0) })
  }

  private static func swift(_ name: [UInt8]) -> String? {
    unsafe take(withText(name) { unsafe pvd_demangle_swift($0, name.count) })
  }

  private static func withText(
    _ name: [UInt8], _ body: (UnsafePointer<CChar>) -> UnsafeMutablePointer<CChar>?
  ) -> UnsafeMutablePointer<CChar>? {
    unsafe (name + [0]).withUnsafeBufferPointer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { text in
        unsafe text.baseAddress.flatMap { unsafe body($0) }
      }
    }
  }

  private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text = unsafe text else { return nil }
    defer { unsafe pvd_free(text) }
    return unsafe String(cString: text)
  }
}
