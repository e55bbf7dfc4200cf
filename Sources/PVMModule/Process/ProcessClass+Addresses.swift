import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var addressMethods: [Declaration] {
    [
      .method(
        "addr", "Work out an address: modules, numbers, + and -, [pointers].",
        Parameter(
          "expression", .path,
          "\"libc.so.6+0x12\", \"[[game+0x1234]+0x10]+8\", \"libc.so.6!environ\", or a pvm.path"),
        returns: .address("the address"),
        about: About(
          fails: accessErrors + ["EFAULT", "ENOENT", "EAMBIGUOUS"],
          example: #"print(string.format("%x", game:addr("heap+0x40")))"#,
          notes: """
            Names are modules, regions such as heap and stack, or symbols of a module. Brackets read a pointer of the \
            target's width. A name with spaces stands in quotes.
            """, seeAlso: ["pvm.path", "process.resolve", "process.symbol", "process.name_of"])
      ) { (_, handle: ProcessHandle, path: AddressPath) in try handle.source.resolve(path) }
    ]
  }

  static var pointerMethods: [Declaration] {
    [
      .method(
        "resolve", "Follow a chain of pointers: read a pointer, add an offset, and so on.",
        Parameter("base", .address, "where the first pointer lies"),
        Parameter("...", .offsets, "added after each pointer, in bytes"),
        returns: .address("[[base]+first]+second ...; nothing is read there"),
        about: About(
          fails: accessErrors + ["EFAULT"],
          example: "print(game:resolve(root, 0x10, 0x8, 0) == health)",
          seeAlso: ["process.resolve_all", "process.addr"])
      ) { (_, handle: ProcessHandle, base: Address, offsets: [Int64]) in
        try handle.source.resolve(PointerChain(base: base, offsets: offsets))
      },
      .method(
        "resolve_all", "Follow many chains or paths, all pointers of one level in one gather.",
        Parameter(
          "chains", .routes, "{ {base, offset, ...}, path, \"[game+8]+4\", ... }, at most a million"
        ),
        returns: .written(
          ResultText(
            "addresses", annotation: "(integer|false)[]", note: "false for a broken chain"),
          ResultText(
            "broken", annotation: "table<integer, pvm.error>?",
            note: "the error of each broken chain, with hop; nil when none broke")),
        about: About(
          fails: accessErrors,
          example: "local addresses = game:resolve_all{ {root, 0x10, 0x8, 0} }",
          seeAlso: ["process.resolve", "pvm.path"])
      ) { (call, handle: ProcessHandle, routes: [Route]) in
        write(try resolve(routes, in: handle.source), to: call.reply)
      },
    ]
  }

  /// The ends of chains alone, or of chains and paths.
  private static func resolve(
    _ routes: [Route], in source: any MemorySource
  ) throws(RemoteMemoryError) -> [PointerChain.Outcome] {
    let chains = routes.compactMap { route in
      if case .chain(let chain) = route { chain } else { nil }
    }
    if chains.count == routes.count { return try source.resolveAll(chains) }
    return try source.resolveAll(routes.map(\.path))
  }

  private static func write(_ outcomes: [PointerChain.Outcome], to reply: Reply) {
    reply.table(arrayCount: outcomes.count) { reply in
      for outcome in outcomes {
        if let address = outcome.address {
          reply.integer(address.luaInteger)
        } else {
          reply.boolean(false)
        }
      }
    }
    guard outcomes.contains(where: { $0.address == nil }) else { return reply.null() }
    reply.table { reply in
      for (index, outcome) in outcomes.enumerated() {
        guard case .broken(let place) = outcome else { continue }
        reply.key(Int64(index + 1))
        reply.error(BrokenChain(place: place))
      }
    }
  }
}

/// A chain that ended early, as a script sees it.
private struct BrokenChain: ScriptError {
  let place: PointerChain.Break
  var code: String { place.error.code }
  var message: String { place.error.message }
  var hint: String? { place.error.hint }
  var fields: [(name: String, value: LuaValue)] {
    var fields = place.error.fields + [("hop", .integer(Int64(place.hop)))]
    if let pointer = place.pointer { fields.append(("pointer", .integer(pointer.luaInteger))) }
    return fields
  }
}

extension ArgumentType where Value == [Int64] {
  /// All arguments from here on.
  static var offsets: ArgumentType<[Int64]> {
    ArgumentType("offsets", annotation: "integer") { call, index in
      guard index <= call.argumentCount else { return [] }
      return try (index...call.argumentCount).map { place in
        do { return try call.integer(at: place) } catch let mismatch as ArgumentMismatch {
          throw ScriptFailure.badArgument(place, mismatch.reason)
        }
      }
    }
  }
}
