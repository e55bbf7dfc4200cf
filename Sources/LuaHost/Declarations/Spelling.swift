/// "did you mean": the nearest declared name to a mistyped one.
public enum Spelling {
  /// "unknown option 'betwen' (did you mean 'between'?)", or the list of names where none is near.
  public static func unknown(_ what: String, _ word: String, among names: [String]) -> String {
    let near = nearest(to: word, among: names)
    let word = word.utf8.count <= 64 ? word : String(word.prefix(32)) + "..."
    if let near {
      return "unknown \(what) '\(word)' (did you mean '\(near)'?)"
    }
    guard !names.isEmpty, names.count <= 16 else { return "unknown \(what) '\(word)'" }
    return "unknown \(what) '\(word)' (known: \(names.joined(separator: ", ")))"
  }

  /// The name at the smallest edit distance, if that is at most a third of the word.
  public static func nearest(to word: String, among names: [String]) -> String? {
    let typed = Array(word.lowercased().utf8.prefix(64))
    let limit = max(1, typed.count / 3)
    var best: (name: String, distance: Int)?
    for name in names {
      let known = Array(name.lowercased().utf8.prefix(64))
      // So many letters would have to be put in or left out.
      guard abs(known.count - typed.count) <= limit else { continue }
      let edits = distance(typed, known)
      if edits <= limit, edits < best?.distance ?? .max { best = (name, edits) }
    }
    return best?.name
  }

  /// Edits (insert, delete, replace, swap neighbours) that turn one word into the other.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var next = [i + 1]
      for (j, right) in b.enumerated() {
        var best = min(row[j] + (left == right ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, left == b[j - 1], a[i - 1] == right { best = min(best, before[j - 1] + 1) }
        next.append(best)
      }
      (before, row) = (row, next)
    }
    return row[b.count]
  }
}
