import LuaHost
import MemoryModel
import RemoteMemory

/// A version that a trainer was made for.
struct KnownVersion: Equatable {
  /// What people call it; nil where the file does not say.
  let label: String?
  /// A build-id or a SHA-256, in hexadecimal digits of lower case.
  let digits: String

  init(_ text: [UInt8], label: String?) throws(ArgumentMismatch) {
    let digits = String(decoding: text, as: UTF8.self).lowercased()
    let isHexadecimal = digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    guard isHexadecimal, 8...128 ~= digits.utf8.count, digits.utf8.count % 2 == 0 else {
      throw ArgumentMismatch(
        "'\(digits.prefix(40))' is no build-id or SHA-256, which are 8 to 128 hexadecimal digits")
    }
    self.digits = digits
    self.label = label
  }

  /// `1.2 (5f0c9a...)`.
  var text: String { label.map { "\($0) (\(digits.prefix(16)))" } ?? "\(digits.prefix(16))" }
}

/// The versions a trainer was made for, and the check of a game against them.
struct TrainerVersions {
  let known: [KnownVersion]
  /// Whose version counts; nil: the program's.
  let module: String?

  /// What a game turned out to be.
  enum Finding {
    /// No version was declared.
    case any
    case same(KnownVersion)
    case other(buildID: String?, fileHash: String?)
    case unknown(String)
  }

  func check(_ handle: ProcessHandle) throws -> Finding {
    guard !known.isEmpty else { return .any }
    guard let module = try moduleThatCounts(of: handle) else {
      return .unknown(module.map { "it has no module '\($0)'" } ?? "its program is not to be found")
    }
    let buildID = handle.source.buildID(of: module)
    if let same = known.first(where: { $0.digits == buildID }) { return .same(same) }
    let needsHash = buildID == nil || known.contains { $0.digits.count == 64 }
    let hash = needsHash ? handle.source.fileHash(of: module) : nil
    if let same = known.first(where: { $0.digits == hash }) { return .same(same) }
    guard buildID != nil || hash != nil else {
      return .unknown("\(module.name) has no build-id, and its file cannot be read")
    }
    return .other(buildID: buildID, fileHash: hash)
  }

  /// What there is to say of a game's version where none was declared.
  func identity(of handle: ProcessHandle) -> String? {
    guard let module = try? moduleThatCounts(of: handle) else { return nil }
    return handle.source.buildID(of: module) ?? handle.source.fileHash(of: module)
  }

  private func moduleThatCounts(of handle: ProcessHandle) throws -> Module? {
    let map = try handle.source.regionMap()
    if let module { return map.module(named: module).candidates.first }
    guard let path = try handle.programPath else { return nil }
    return map.modules().first { $0.pathBytes == path }
  }
}

extension ProcessHandle {
  /// The path of its program, also of one that was deleted since.
  fileprivate var programPath: [UInt8]? {
    get throws {
      let path =
        try captured.map { $0.notes.executableBytes }
        ?? ProcessSummary(live().id)?.executableBytes
      let mark = Array(" (deleted)".utf8)
      return path.map {
        $0.suffix(mark.count).elementsEqual(mark) ? Array($0.dropLast(mark.count)) : $0
      }
    }
  }
}

/// The game is another version than the trainer was made for.
struct OtherVersion: ScriptError {
  let game: String
  let finding: TrainerVersions.Finding
  let known: [KnownVersion]

  var code: String { "EMISMATCH" }
  var message: String {
    "\(game) is not a version that this trainer was made for: \(found); known: "
      + known.map(\.text).joined(separator: ", ")
  }
  var hint: String? {
    "places and code may lie elsewhere in it, and a cheat may write where something else is; "
      + "--any-version (any_version=true) goes on all the same"
  }
  var fields: [(name: String, value: LuaValue)] {
    guard case .other(let buildID?, _) = finding else { return [] }
    return [("build_id", .text(buildID))]
  }

  private var found: String {
    switch finding {
    case .other(let buildID?, let hash?): "build-id \(buildID), SHA-256 \(hash)"
    case .other(let buildID?, nil): "build-id \(buildID)"
    case .other(nil, let hash): "SHA-256 \(hash ?? "unknown")"
    case .unknown(let why): why
    case .any, .same: "a known one"
    }
  }
}

extension ArgumentType where Value == [KnownVersion] {
  /// A list of digits, or names with digits.
  static var knownVersions: ArgumentType<[KnownVersion]> {
    ArgumentType("list of build-ids or hashes", annotation: "string|string[]|table<string, string>")
    {
      call, index in
      let value = try call.value(at: index)
      if case .bytes(let digits) = value { return [try KnownVersion(digits, label: nil)] }
      guard case .table(let table) = value, table.others.isEmpty else {
        throw call.mismatch("list of build-ids or hashes", at: index)
      }
      let listed = try table.array.enumerated().map { index, value in
        try version(value, label: nil, place: "entry \(index + 1)")
      }
      let named = try table.fields.sorted { $0.name < $1.name }.map { name, value in
        try version(value, label: name, place: "version '\(name)'")
      }
      return listed + named
    }
  }

  private static func version(_ value: LuaValue, label: String?, place: String) throws
    -> KnownVersion
  {
    guard case .bytes(let digits) = value else {
      throw ArgumentMismatch("\(place): string expected, got \(value.typeName)")
    }
    return try ArgumentMismatch.at(place) { try KnownVersion(digits, label: label) }
  }
}
