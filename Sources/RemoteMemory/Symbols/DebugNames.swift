#if Debuginfo
  import CDebuginfo

  /// The variables and types of a file by their names.
  struct DebugNames {
    private(set) var variables: [String: pvd_entry] = [:]
    private(set) var types: [String: pvd_entry] = [:]
    private var seen = 0

    /// The most entries that are looked at.
    private static let mostEntries = 1 << 23
    private static let mostDepth = 32

    /// Adds what stands in a unit outside of functions.
    mutating func add(_ unit: pvd_entry) { add(within: unit, prefix: "", depth: 0) }

    private mutating func add(within entry: pvd_entry, prefix: String, depth: Int) {
      guard depth < Self.mostDepth else { return }
      entry.eachChild { child in
        seen += 1
        add(child, prefix: prefix, depth: depth)
        return seen < Self.mostEntries
      }
    }

    private mutating func add(_ entry: pvd_entry, prefix: String, depth: Int) {
      let tag = entry.tag
      switch tag {
      case DebugTag.variable: addVariable(entry, prefix)
      case DebugTag.namespace, DebugTag.module:
        add(
          within: entry, prefix: entry.name.map { prefix + $0 + "::" } ?? prefix, depth: depth + 1)
      case DebugTag.typedef, DebugTag.enumeration: addType(entry, prefix)
      case _ where DebugTag.isRecord(tag):
        addType(entry, prefix)
        guard let name = entry.name, !entry.isDeclaration else { return }
        add(within: entry, prefix: prefix + name + "::", depth: depth + 1)
      default: break
      }
    }

    /// A definition may stand apart from its declaration, whose namespace only the name for the linker
    /// tells then.
    private mutating func addVariable(_ entry: pvd_entry, _ prefix: String) {
      var address: UInt64 = 0
      guard unsafe withEntry(entry, { unsafe pvd_address($0, &address) }) else { return }
      if let name = entry.name, variables[prefix + name] == nil { variables[prefix + name] = entry }
      if let name = entry.linkageName {
        let shown = Demangler.shown(Array(name.utf8))
        if variables[shown] == nil { variables[shown] = entry }
      }
    }

    private mutating func addType(_ entry: pvd_entry, _ prefix: String) {
      guard let name = entry.name, !entry.isDeclaration else { return }
      keep(entry, as: prefix + name)
      // Pointers know what they lead to by its own name alone.
      if !prefix.isEmpty, types[name] == nil { keep(entry, as: name) }
    }

    /// The name of a struct goes before that of a typedef, which often is the same.
    private mutating func keep(_ entry: pvd_entry, as name: String) {
      if let known = types[name], known.tag != DebugTag.typedef { return }
      types[name] = entry
    }
  }
#endif
