public import MemoryModel

/// A place where the memory of a module is not what its file says.
public struct ModulePatch: Hashable, Sendable {
  /// Its first address.
  public let address: Address
  /// How many bytes; those between two that differ are counted where they are few.
  public let byteCount: Int
  /// The module's name.
  public let module: String
  /// The section it lies in; nil where the file does not tell.
  public let section: String?
  /// Where its first byte stands in the file.
  public let fileOffset: UInt64
  /// What ought to be there: the file's bytes as the loader changes them; at most
  /// `ModuleComparison.mostBytes`.
  public let expected: [UInt8]
  /// What is there; as many.
  public let found: [UInt8]
}

/// How the comparison of one module went.
public struct ModuleReport: Hashable, Sendable {
  /// The last part of its path, printable.
  public let name: String
  /// Its path as maps give it.
  public let pathBytes: [UInt8]
  /// Its first address.
  public let base: Address
  /// Why it was not compared; nil when it was.
  public internal(set) var skipped: String?
  /// Bytes that were compared.
  public internal(set) var comparedBytes: UInt64 = 0
  /// Words among them that the loader changed in a way the file tells, and that are right.
  public internal(set) var relocatedWords = 0
  /// Bytes that differ from the file and may: the loader puts there what the file does not tell.
  public internal(set) var uncheckedBytes: UInt64 = 0
  /// Bytes that ought to be there and could not be read.
  public internal(set) var unreadableBytes: UInt64 = 0
  /// In how many places it differs.
  public internal(set) var patchCount = 0
}

/// Modules in memory, compared with the files they were loaded from.
public struct ModuleComparison: Sendable {
  /// The places that differ, in the order of modules and addresses.
  public internal(set) var patches: [ModulePatch] = []
  /// What became of each module.
  public internal(set) var modules: [ModuleReport] = []
  /// Whether all places are listed; false when there were more than `mostPatches`.
  public internal(set) var isComplete = true

  /// Places of fewer equal bytes than this between them count as one.
  public static let gap = 8
  /// How many bytes of a place are kept.
  public static let mostBytes = 4096
  /// How many places are listed.
  public static let mostPatches = 65_536
}

extension MemorySource {
  /// Compares the code and the constants of programs and libraries with their files.
  ///
  /// Relocations are accounted for: a word that the loader moves must be the file's word moved, and
  /// words that only the loader knows are left out and counted. ELF files are compared by what they
  /// say is not written, with `PT_GNU_RELRO`; PE files, as Wine maps them, by sections that are not
  /// writable.
  /// - Parameter name: one module, by the rules of `RegionMap.module(named:)`; nil for all.
  /// - Throws: `ENOENT` and `EAMBIGUOUS` for the name, and what reading throws.
  public func compareModules(named name: String? = nil) throws(RemoteMemoryError)
    -> ModuleComparison
  {
    let map = try mapOf(.compare)
    var comparison = ModuleComparison()
    for file in try mappedFiles(map, name) {
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.compare, .interrupted, process: processID)
      }
      let comparer = ModuleComparer(source: self, map: map, file: file)
      try comparer.compare(into: &comparison, wasNamed: name != nil)
    }
    do throws(RemoteMemoryError) { try confirm() } catch { throw error.during(.compare) }
    return comparison
  }

  /// The mapped files with their regions, in the order of their first addresses.
  private func mappedFiles(_ map: RegionMap, _ name: String?) throws(RemoteMemoryError)
    -> [ModuleFile]
  {
    var wanted: Region?
    if let name { wanted = try module(named: name, in: map).regions.first }
    var indices: [Region.FileKey: Int] = [:]
    var files: [ModuleFile] = []
    for region in map.regions where region.kind == .file || region.kind == .memfd {
      if let wanted, wanted.fileKey != region.fileKey { continue }
      if let index = indices[region.fileKey] {
        files[index].regions.append(region)
      } else {
        indices[region.fileKey] = files.count
        files.append(ModuleFile(regions: [region]))
      }
    }
    return files
  }

  private func module(named name: String, in map: RegionMap) throws(RemoteMemoryError) -> Module {
    switch map.module(named: name) {
    case .one(let module): return module
    case .ambiguous(let modules):
      let names = Set(modules.map(\.path))
      if names.count == 1, let first = modules.first { return first }
      throw RemoteMemoryError(
        .compare, .ambiguous([]), process: processID,
        detail: "\"\(name)\" could be \(names.sorted().joined(separator: ", "))")
    case .none:
      throw RemoteMemoryError(
        .compare, .notFound, process: processID, detail: "no module named \"\(name)\"")
    }
  }
}

/// A file with everything that is mapped of it.
struct ModuleFile {
  /// In the order of addresses; at least one.
  var regions: [Region]

  /// The path without the mark of a deleted file.
  var pathBytes: [UInt8] {
    guard let first = regions.first else { return [] }
    return first.isNamedDeleted ? Array(first.nameBytes.dropLast(10)) : first.nameBytes
  }

  /// The last part of the path, printable.
  var name: String {
    let path = pathBytes
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    return printable(Array(path[start...]))
  }

  var hasCode: Bool { regions.contains { $0.permissions.contains(.execute) } }
}

extension Region {
  /// What tells one mapped file from another.
  struct FileKey: Hashable {
    let inode: UInt64
    let deviceMajor: UInt32
    let deviceMinor: UInt32
    let name: [UInt8]
  }

  var fileKey: FileKey {
    FileKey(
      inode: inode, deviceMajor: deviceMajor, deviceMinor: deviceMinor, name: nameBytes)
  }
}
