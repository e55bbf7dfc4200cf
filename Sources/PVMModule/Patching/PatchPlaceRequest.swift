import LuaHost
import MemoryModel
import RemoteMemory

/// One place of a patch as a script says it: where it is, what has to be there, what is to be there.
struct PatchPlaceRequest {
  private let anchor: Anchor
  private let offset: Int64
  private let expected: BytePattern?
  private let content: PatchContent

  /// How the place is found.
  private enum Anchor {
    case address(PlaceArgument)
    case pattern(BytePattern, RegionFilter, MatchCount)
  }

  private init?(_ place: Place, _ content: PatchContent?) throws {
    guard place.at != nil || place.pattern != nil else {
      guard content == nil, place.expected == nil else {
        throw ArgumentMismatch("at= or find= is missing")
      }
      return nil
    }
    guard let content else { throw ArgumentMismatch("bytes=, value= or asm= is missing") }
    switch (place.at, place.pattern) {
    case (let at?, nil): anchor = .address(at)
    case (nil, let pattern?): anchor = .pattern(pattern, place.filter, place.matches)
    default: throw ArgumentMismatch("at= and find= exclude each other")
    }
    offset = place.offset
    expected = place.expected
    self.content = content
  }

  /// The options of one place; nil when none of them is given.
  static var optional: Parameter<PatchPlaceRequest?> {
    Parameter<(Place, PatchContent?)>.optionGroups("", Place.parameter, PatchContent.parameter)
      .map(PatchPlaceRequest.init)
  }

  /// Where, and what has to be there.
  private struct Place {
    let at: PlaceArgument?
    let pattern: BytePattern?
    let filter: RegionFilter
    let matches: MatchCount
    let offset: Int64
    let expected: BytePattern?

    init(_ anchor: PlaceOptions, _ filter: RegionFilter) {
      at = anchor.at
      pattern = anchor.pattern
      self.filter = anchor.region ?? filter
      matches = anchor.matches
      offset = anchor.offset
      expected = anchor.expected
    }

    static var parameter: Parameter<Place> {
      Parameter<(PlaceOptions, RegionFilter)>.optionGroups(
        "", PlaceOptions.parameter, .regionFilter("where find= looks")
      ).map(Place.init)
    }
  }

  private struct PlaceOptions {
    let at: PlaceArgument?
    let pattern: BytePattern?
    let region: RegionFilter?
    let matches: MatchCount
    let offset: Int64
    let expected: BytePattern?

    init(
      _ at: PlaceArgument?, _ pattern: BytePattern?, _ region: RegionFilter?, _ matches: MatchCount,
      _ offset: Int64, _ expected: BytePattern?
    ) {
      self.at = at
      self.pattern = pattern
      self.region = region
      self.matches = matches
      self.offset = offset
      self.expected = expected
    }

    static var parameter: Parameter<PlaceOptions> {
      Parameter<(PlaceArgument?, BytePattern?, RegionFilter?, MatchCount, Int64, BytePattern?)>
        .options(
          "",
          .optional(
            "at", .place, "an address, an expression such as \"libc.so.6+0x12\", or a pvm.path"),
          .optional("find", .bytePattern, "or a pattern that stands there: \"29 47 ??\""),
          .optional(
            "region", .pointerRegions,
            "where find= looks: a kind, a module, {first, behind} or a pvm.region; by default code "
              + "for code=true, and else what can be written"),
          Parameter<MatchCount>(
            "matches", .matchCount, "how many places find= has to find, or \"all\"",
            default: .exactly(1), "1"),
          Parameter<Int64>("offset", .integer, "bytes from there to the place", default: 0),
          .optional(
            "expect", .bytePattern,
            "what has to be at the place; without it a patch of code expects what it found when it "
              + "was made")
        ).map(PlaceOptions.init)
    }
  }

  // MARK: Finding

  /// The places of a process that are meant.
  func edits(in process: RemoteProcess, isCode: Bool) throws -> [PatchEdit] {
    try addresses(in: process, isCode: isCode).map { found in
      let address = found.offset(by: offset)
      return PatchEdit(
        at: address, expected: expected,
        replacement: try content.pattern(at: address, of: process, expected: expected))
    }
  }

  private func addresses(in process: RemoteProcess, isCode: Bool) throws -> [Address] {
    switch anchor {
    case .address(let place): return [try place.address(in: process)]
    case .pattern(let pattern, var filter, let matches):
      if filter.permissions == nil {
        let namesPlace =
          filter.module != nil || filter.file != nil || filter.range != nil || !filter.kinds.isEmpty
        filter.permissions =
          isCode
          ? PermissionFilter(required: .execute)
          : namesPlace
            ? PermissionFilter(required: .read) : ScanScope.writablePrivate.permissions
      }
      let hits = try process.find([("bytes", pattern)], in: ScanScope(filter: filter))
      return try matches.check(hits, pattern, process)
    }
  }
}

/// How many places a pattern has to find.
enum MatchCount {
  case exactly(Int)
  case any

  /// The addresses found, if they are as many as they have to be.
  fileprivate func check(_ hits: Hits, _ pattern: BytePattern, _ process: RemoteProcess) throws
    -> [Address]
  {
    let found = hits.count
    switch self {
    case .exactly(found): break
    case .any where (1...Self.most).contains(found): break
    default:
      let wanted = if case .exactly(let count) = self { "\(count)" } else { "1 to \(Self.most)" }
      let places = hits.addresses(count: 8)
        .map { (try? process.name(of: $0)) ?? "\($0)" }
      throw RemoteMemoryError(
        .patch, found == 0 ? .notFound : .mismatch, process: process.id,
        detail: "the pattern \(pattern) stands at \(found) places, not \(wanted)"
          + (places.isEmpty ? "" : ": " + places.joined(separator: ", "))
          + (found > places.count ? " ..." : ""))
    }
    return hits.addresses()
  }

  static let most = 100_000
}

extension ArgumentType where Value == MatchCount {
  /// A number from 1, or "all".
  static var matchCount: ArgumentType<MatchCount> {
    ArgumentType("number or \"all\"", annotation: "integer|\"all\"", choices: ["all"]) {
      call, index in
      guard call.kind(at: index) == .string else {
        let range = ArgumentType<Int>.count("matches", from: 1, upTo: Int64(MatchCount.most))
        return .exactly(try range.read(call, index))
      }
      _ = try ArgumentType<String>.word(["all"]).read(call, index)
      return .any
    }
  }
}
