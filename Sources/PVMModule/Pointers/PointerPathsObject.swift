import LuaHost
import MemoryModel
import RemoteMemory

/// Pointer paths, as a script holds them.
public final class PointerPathsObject {
  let paths: PointerPaths
  init(_ paths: PointerPaths) { self.paths = paths }

  /// The path with this number, from 1.
  func path(_ number: Int64) -> PointerPathObject? {
    guard number >= 1 else { return nil }
    return paths.path(at: Int(clamping: number) - 1).map(PointerPathObject.init)
  }
}

/// One pointer path, as a script holds it.
public final class PointerPathObject {
  let path: PointerPath
  init(_ path: PointerPath) { self.path = path }
}

/// A pointer map, as a script holds it.
public final class PointerMapObject {
  let map: PointerMap
  init(_ map: PointerMap) { self.map = map }
}

extension PointerPathsObject {
  /// A headline and an aligned table of some paths.
  func text(_ numbers: Range<Int>) -> String {
    var lines = [headline]
    let shown = numbers.clamped(to: 0..<paths.count)
    let rows = shown.compactMap { number -> [String]? in
      guard let path = paths.path(at: number) else { return nil }
      let hops = path.offsets.count
      return ["\(number + 1)", hops == 1 ? "1 pointer" : "\(hops) pointers", "\(path)"]
    }
    lines += TextTable(rows: rows).lines().map(\.plain)
    if shown.upperBound < paths.count { lines.append("... \(paths.count - shown.upperBound) more") }
    return lines.joined(separator: "\n")
  }

  /// `12 pointer paths to 0x1234, in process 4121 (supertux2)`.
  private var headline: String {
    let count = paths.count == 1 ? "1 pointer path" : "\(paths.count) pointer paths"
    return "\(count) to \(paths.target), in \(paths.label)"
      + (paths.outcome.isLimited ? " (limit reached: there are more)" : "")
      + (paths.outcome.isComplete ? "" : " (interrupted: there may be more)")
  }

  /// Writes all paths as JSON lines, in batches.
  func export(to write: ([UInt8]) throws -> Void) throws {
    var number = 0
    while number < paths.count {
      let end = min(number + 1024, paths.count)
      var text = ""
      for index in number..<end {
        if let path = paths.path(at: index) { text += path.jsonLine }
      }
      try write(Array(text.utf8))
      number = end
    }
  }
}

extension PointerPath {
  fileprivate var jsonLine: String {
    let offsets = offsets.map { "\($0)" }.joined(separator: ",")
    return "{\"path\":\(HitsFormat.quoted("\(self)")),\"base\":\(HitsFormat.quoted(base.name)),"
      + "\"offset\":\(offset),\"offsets\":[\(offsets)]}\n"
  }
}

extension PointerMapObject {
  /// `9612345 pointers in process 4121 (supertux2), offsets up to 4096`.
  var text: String {
    "\(map.count) pointers in \(map.label), offsets up to \(map.reach)"
      + (map.outcome.isComplete ? "" : " (interrupted: there may be more)")
  }
}
