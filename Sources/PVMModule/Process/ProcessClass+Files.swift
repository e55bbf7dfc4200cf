import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Memory as a whole: its hash, and files of raw bytes.
  static var fileMethods: [Declaration] {
    [
      .method(
        "hash", "Hash memory, so that a change is seen without keeping a copy.",
        Parameter(
          "where", .hashed,
          "first byte; or a mapping; or a table that chooses mappings, as for `process.regions`"),
        Parameter.optional(
          "count", .count("byte count", upTo: .max), "how many bytes, after an address"),
        Parameter<HashAlgorithm>(
          "algorithm", .hashAlgorithm,
          "\"sha256\", as sha256sum prints it, or \"xxh64\", which is many times faster",
          default: .sha256, "sha256"),
        returns: .values(
          .text("hexadecimal digits", name: "hash"),
          .integer("how many bytes went in", name: "bytes"),
          .value(
            "integer[][]?", "{first, behind} of what could not be read; nil when all was",
            name: "unread")),
        about: About(
          fails: readErrors + ["EINTERRUPTED"], source: ["sha256sum(1)", "xxhsum(1)"],
          example: """
            local before = game:hash(scratch, 4096)
            game:write(scratch, "x")
            print(game:hash(scratch, 4096) == before)  --> false
            print(select(2, game:hash({module="pvm-target", perms="r-xp"}, nil, "xxh64")) > 0)  --> true
            """,
          notes: """
            With an address every byte must be readable. With a table mappings are hashed one after \
            the other, and what cannot be read, or not without harm, is left out and listed. Pages \
            that nobody ever wrote count as the zeroes they are, and are not read.
            """, seeAlso: ["process.compare", "process.modified"])
      ) {
        (
          _, handle: ProcessHandle, place: HashedPlace, count: Int?, algorithm: HashAlgorithm
        ) -> (String, Int64, LuaValue) in
        let hash = try place.hash(handle.source, count, algorithm)
        let unread = LuaTable(ranges: hash.unread)
        return (
          hash.text, Int64(clamping: hash.byteCount), hash.unread.isEmpty ? .null : .table(unread)
        )
      },
      .method(
        "dump", "Write memory to a file, byte by byte.",
        Parameter("address", .address, "first byte"),
        Parameter("count", .count("byte count", upTo: .max), "how many bytes"),
        Parameter("path", .path, "an ordinary file, which is replaced once all is written"),
        Parameter<Bool>.options(
          "how to write",
          Parameter(
            "holes", .boolean, "write what cannot be read as zeroes, and list it", default: false)),
        returns: .values(
          .integer("the length of the file", name: "bytes"),
          .value(
            "integer[][]?", "{first, behind} of what could not be read; nil when all was",
            name: "unread")),
        about: About(
          fails: readErrors + ["EINTERRUPTED", "EINVAL", "EACCES", "ENOENT", "ENOSPC"],
          source: ["process_vm_readv(2)"],
          example: """
            local path = os.tmpname()
            print(game:dump(scratch, 4096, path))  --> 4096 nil
            print(game:load(path, scratch + 8192))  --> 4096
            print(game:compare(scratch, scratch + 8192, 4096))  --> true nil
            os.remove(path)
            """,
          notes: """
            Zeroes take no room on disk. An error leaves whatever had the name before as it was.
            """, seeAlso: ["process.load", "process.read"])
      ) {
        (
          _, handle: ProcessHandle, address: Address, count: Int, path: String, holes: Bool
        ) -> (Int64, LuaValue) in
        let range = AddressRange(start: address, count: UInt64(count))
        let dump = try handle.source.dump(range, to: path, allowsHoles: holes)
        let unread = LuaTable(ranges: dump.unread)
        return (
          Int64(clamping: dump.byteCount), dump.unread.isEmpty ? .null : .table(unread)
        )
      },
      .method(
        "load", "Write the bytes of a file into memory: all of them, or none.",
        Parameter("path", .path, "an ordinary file of at most 1 GiB"),
        Parameter("address", .address, "where its first byte goes"),
        writeOptions,
        returns: .count("how many bytes were written"),
        about: About(
          fails: writeErrors + ["EINVAL", "EACCES", "ENOENT", "E2BIG"],
          source: ["process_vm_writev(2)"],
          example: """
            local path = os.tmpname()
            io.open(path, "w"):write("from a file"):close()
            print(game:load(path, scratch), game:read(scratch, 6))  --> 11 from a
            os.remove(path)
            """,
          notes: """
            Nothing is written unless the process itself may write everything up to the last byte.
            """, seeAlso: ["process.dump", "process.write"])
      ) { (_, handle: ProcessHandle, path: String, address: Address, options: WriteOptions) in
        try handle.source.load(path, to: address, options: options)
      },
    ]
  }
}

/// What is to be hashed.
enum HashedPlace {
  case address(Address)
  case range(AddressRange)
  case filter(RegionFilter)

  func hash(_ source: any MemorySource, _ count: Int?, _ algorithm: HashAlgorithm) throws
    -> MemoryHash
  {
    switch self {
    case .address(let start):
      guard let count else {
        throw ScriptFailure.badArgument(3, "byte count expected after an address")
      }
      return try source.hash(AddressRange(start: start, count: UInt64(count)), algorithm)
    case .range(let range):
      guard count == nil else {
        throw ScriptFailure.badArgument(3, "a byte count goes with an address only")
      }
      return try source.hash(range, algorithm)
    case .filter(let filter):
      guard count == nil else {
        throw ScriptFailure.badArgument(3, "a byte count goes with an address only")
      }
      return try source.hash(filter, algorithm)
    }
  }
}

extension ArgumentType where Value == HashedPlace {
  /// An address, a mapping, or a filter of mappings.
  static var hashed: ArgumentType<HashedPlace> {
    let filter = Parameter<RegionFilter>.regionFilter("which mappings")
    return ArgumentType(
      "address, mapping or table", annotation: "integer|pvm.region|table"
    ) { call, index in
      switch call.kind(at: index) {
      case .object:
        let region: RegionObject = try ArgumentType<RegionObject>.object("pvm.region")
          .read(call, index)
        return .range(region.region.range)
      case .table:
        guard try call.hasNamedEntries(at: index) else {
          throw ArgumentMismatch("say which mappings, as in {module=\"libc\"}")
        }
        return .filter(try call.readOptions(filter, at: index))
      default: return .address(Address(luaInteger: try call.integer(at: index)))
      }
    }
  }
}

extension ArgumentType where Value == HashAlgorithm {
  static var hashAlgorithm: ArgumentType<HashAlgorithm> {
    ArgumentType<String>.word(HashAlgorithm.allCases.map(\.rawValue)).map {
      HashAlgorithm(rawValue: $0) ?? .sha256
    }
  }
}

extension LuaTable {
  /// A list of {first, behind the last}.
  init(ranges: [AddressRange]) {
    self.init()
    array = ranges.map { range in
      var pair = LuaTable()
      pair.array = [.integer(range.start.luaInteger), .integer(range.end.luaInteger)]
      return .table(pair)
    }
  }
}
