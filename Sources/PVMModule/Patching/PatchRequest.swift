import LuaHost
import MemoryModel
import RemoteMemory

/// What a script says of a patch: `{name=, at=, bytes=, ...}`, with one place, or several in `edits`.
struct PatchRequest {
  var name: String?
  let options: PatchOptions
  let places: [PatchPlaceRequest]

  private init(_ whole: Whole, _ place: PatchPlaceRequest?) throws {
    name = whole.name
    options = whole.options
    if whole.edits.isEmpty == (place == nil) {
      throw ArgumentMismatch("give one place by at= or find=, or several in edits=")
    }
    places = place.map { [$0] } ?? whole.edits
  }

  static var parameter: Parameter<PatchRequest> {
    Parameter<(Whole, PatchPlaceRequest?)>.optionGroups(
      "what is to be changed", Whole.parameter, PatchPlaceRequest.optional
    ).map(PatchRequest.init)
  }

  /// What holds for all places of it.
  private struct Whole {
    let name: String?
    let options: PatchOptions
    let edits: [PatchPlaceRequest]

    init(
      _ name: String?, _ isForced: Bool, _ stops: Bool?, _ sharedFile: Bool, _ isKept: Bool,
      _ edits: [PatchPlaceRequest]
    ) {
      self.name = name
      options = PatchOptions(
        isForced: isForced, stops: stops, sharedFile: sharedFile, isKept: isKept)
      self.edits = edits
    }

    static var parameter: Parameter<Whole> {
      Parameter<(String?, Bool, Bool?, Bool, Bool, [PatchPlaceRequest])>.options(
        "",
        .optional("name", .text, "what it is called in lists and messages"),
        Parameter<Bool>(
          "code", .boolean,
          "the place may be one that the process itself cannot write: code, constants",
          default: false),
        .optional(
          "stop", .boolean,
          "all threads stand still while the bytes change, and none may be inside them; by default "
            + "as code"),
        Parameter<Bool>(
          "shared", .boolean, "the place may be shared with a file, which changes too",
          default: false),
        Parameter<Bool>("keep", .boolean, "it stays when this program ends", default: false),
        Parameter<[PatchPlaceRequest]>(
          "edits", .patchPlaces, "several places, each {at=, bytes=, ...}: all or none change",
          default: [], "{}")
      ).map(Whole.init)
    }
  }

  /// Finds every place, and looks whether it can be changed.
  /// - Parameter handle: the process.
  func make(in handle: ProcessHandle) throws -> Patch {
    let process = try handle.live()
    let edits = try places.flatMap { try $0.edits(in: process, isCode: options.isForced) }
    let name = self.name ?? edits.first.map { "patch at \($0.address)" } ?? "patch"
    return try Patch(name, edits, of: process, options: options)
  }
}

extension PatchRequest {
  /// Looks whether every place is as it has to be, and makes nothing; also in a program's file.
  /// - Returns: the places that would be changed.
  /// - Throws: `ENOENT` and `EMISMATCH`, as making it does.
  func check(in source: any MemorySource) throws -> [PatchEdit] {
    let edits = try places.flatMap { try $0.edits(in: source, isCode: options.isForced) }
    for edit in edits {
      let count = max(edit.byteCount, edit.expected?.count ?? 0)
      let found = try source.readBytes(at: edit.address, count: count)
      guard let expected = edit.expected, !expected.matches(found) else { continue }
      let text = try BytePattern(found).description
      throw RemoteMemoryError(
        .patch, .mismatch, process: source.processID, address: edit.address, requestedBytes: count,
        detail: "expected \(expected), found \(text)")
    }
    return edits
  }
}

extension ArgumentType where Value == PatchRequest {
  /// A table as `process.patch` takes it.
  static var patch: ArgumentType<PatchRequest> {
    ArgumentType("table, as process.patch takes it", annotation: "table") { call, index in
      guard call.kind(at: index) == .table else { throw call.mismatch("table", at: index) }
      return try call.readOptions(PatchRequest.parameter, at: index)
    }
  }
}

extension ArgumentType where Value == [PatchPlaceRequest] {
  /// A list of tables, each one place.
  fileprivate static var patchPlaces: ArgumentType<[PatchPlaceRequest]> {
    ArgumentType("list of tables", annotation: "table[]") { call, index in
      guard call.kind(at: index) == .table else {
        throw call.mismatch("list of tables", at: index)
      }
      guard try !call.hasNamedEntries(at: index) else {
        throw ArgumentMismatch("a list of tables is expected: { {at=, bytes=}, ... }")
      }
      return try call.itemNumbers(of: index).map { number in
        try call.item(number, of: index) { call, item in
          do {
            let place = try call.readOptions(PatchPlaceRequest.optional, at: item)
            guard let place else { throw ArgumentMismatch("at= or find= is missing") }
            return place
          } catch let mismatch as ArgumentMismatch {
            throw ArgumentMismatch("number \(number): \(mismatch.reason)")
          }
        }
      }
    }
  }
}
