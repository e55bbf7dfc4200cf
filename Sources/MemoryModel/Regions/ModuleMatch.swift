/// What a name stands for among the modules of a process.
public enum ModuleMatch: Hashable, Sendable {
  /// No module is called so.
  case none
  /// Exactly one module is.
  case one(Module)
  /// Several are, by the same rule.
  case ambiguous([Module])

  /// Every module the name could mean.
  public var candidates: [Module] {
    switch self {
    case .none: []
    case .one(let module): [module]
    case .ambiguous(let modules): modules
    }
  }

  fileprivate init(_ modules: [Module]) {
    if modules.isEmpty {
      self = .none
    } else if modules.count == 1 {
      self = .one(modules[0])
    } else {
      self = .ambiguous(modules)
    }
  }
}

extension RegionMap {
  /// The module with this name; see `ModuleMatch.init(_:among:)`.
  public func module(named name: String) -> ModuleMatch { ModuleMatch(name, among: modules()) }
}

extension ModuleMatch {
  /// The module with this name. The first rule that finds any decides:
  ///
  /// 1. the whole path;
  /// 2. the last part of the path;
  /// 3. the same without regard to the case of ASCII letters;
  /// 4. the last part up to a version or suffix: `libc` finds `libc.so.6` and `libc-2.36.so`, not
  ///    `libcrypt.so.1`;
  /// 5. with `*` or `?` in it, a pattern for the path or its last part.
  ///
  /// Of several with the same name those that can be run win, so that a data file never hides a
  /// program.
  public init(_ name: String, among modules: [Module]) {
    let wanted = Array(name.utf8)
    guard !wanted.isEmpty else {
      self = .none
      return
    }
    var rules: [(Module) -> Bool] = [
      { $0.pathBytes == wanted },
      { baseName($0.pathBytes).elementsEqual(wanted) },
      { baseName($0.pathBytes).map(lowered) == wanted.map(lowered) },
      { isStem(wanted, of: baseName($0.pathBytes)) },
    ]
    if name.contains("*") || name.contains("?") {
      let pattern = NamePattern(wanted)
      rules.append { pattern.matches($0.pathBytes) }
    }
    for rule in rules {
      let found = modules.filter(rule)
      guard !found.isEmpty else { continue }
      let runnable = found.filter(\.hasCode)
      self.init(runnable.isEmpty ? found : runnable)
      return
    }
    self = .none
  }
}

/// An ASCII letter in lower case, any other byte as it is.
private func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

/// Whether `name` is `stem` followed by `.` or by `-` and a digit.
private func isStem(_ stem: [UInt8], of name: ArraySlice<UInt8>) -> Bool {
  guard name.starts(with: stem) else { return false }
  let rest = name.dropFirst(stem.count)
  guard let first = rest.first else { return false }
  if first == UInt8(ascii: ".") { return true }
  guard first == UInt8(ascii: "-"), let second = rest.dropFirst().first else { return false }
  return second &- 0x30 < 10
}
