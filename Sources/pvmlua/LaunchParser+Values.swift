import LuaHost
import MemoryModel

extension LaunchParser {
  /// `mod` is stored in the global of its name, `g=mod` in the global g.
  func library(_ text: String) -> LaunchOptions.Step {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return .library(global: text, module: text) }
    return .library(global: String(parts[0]), module: String(parts[1]))
  }

  func processID(_ text: String) throws(UsageError) -> ProcessID {
    guard let number = Int32(text), number > 0 else {
      throw UsageError(reason: "'-p' needs the number of a process, got '\(text)'")
    }
    return ProcessID(number)
  }

  func color(_ text: String) throws(UsageError) -> ColorChoice {
    guard let choice = ColorChoice(rawValue: text) else {
      throw UsageError(reason: "'--color' is auto, always or never, got '\(text)'")
    }
    return choice
  }

  func tool(_ text: String) throws(UsageError) -> BundledTool {
    guard let tool = BundledTool(rawValue: text) else {
      let names = BundledTool.allCases.map(\.rawValue)
      throw UsageError(reason: Spelling.unknown("tool", text, among: names))
    }
    return tool
  }

  func timeLimit(_ text: String) throws(UsageError) -> Double {
    guard let seconds = Double(text), seconds > 0, seconds <= 1e9 else {
      throw UsageError(reason: "'--time-limit' needs a number of seconds, got '\(text)'")
    }
    return seconds
  }

  /// A number of bytes, or of KiB, MiB or GiB with K, M or G behind it.
  func memoryLimit(_ text: String) throws(UsageError) -> Int {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    let shift = text.last.flatMap { shifts[Character($0.uppercased())] } ?? 0
    let digits = shift > 0 ? text.dropLast() : text[...]
    guard let count = Int(digits), count > 0, count <= Int.max >> shift else {
      throw UsageError(
        reason: "'--memory-limit' needs a number of bytes such as 64M, got '\(text)'")
    }
    return count << shift
  }
}
