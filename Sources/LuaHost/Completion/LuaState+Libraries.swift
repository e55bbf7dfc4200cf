internal import CLuaBridge

/// What `require` knows, for completion. Read raw.
extension LuaState {
  /// The names in package.loaded and package.preload.
  public var loadedLibraries: [String] {
    guard let stack = idleStack else { return [] }
    return stack.scoped {
      var names: [String] = []
      for table in ["loaded", "preload"] {
        let top = stack.top
        guard stack.pushPackage() else { return names }
        stack.pushField(-1, table)
        if stack.type(-1) == PVL_TABLE {
          stack.forEachEntry(-1) {
            if let name = stack.text(-2), name != "_G" { names.append(name) }
            return true
          }
        }
        stack.pop(to: top)
      }
      return names
    } ?? []
  }

  /// The templates of package.path and package.cpath: `/usr/share/lua/5.4/?.lua`.
  public var libraryTemplates: [String] {
    guard let stack = idleStack else { return [] }
    return stack.scoped {
      guard stack.pushPackage() else { return [] }
      let package = stack.top
      return ["path", "cpath"].flatMap { name in
        stack.pushField(package, name)
        return (stack.text(-1) ?? "").split(separator: ";").map(String.init)
      }
    } ?? []
  }
}

extension RawStack {
  fileprivate func pushPackage() -> Bool {
    pushGlobals()
    pushField(-1, "package")
    return type(-1) == PVL_TABLE
  }
}
