import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Tries to attach, and tells check by check what speaks for and against it.
  static func diagnose(_ query: ProcessQuery) throws -> LuaValue {
    let id = try number(of: query)
    try Sandbox.checkReach(of: id)
    var failure: RemoteMemoryError?
    do { try RemoteProcess.attach(id, options: AttachOptions(mode: .readOnly)).close() } catch {
      failure = error
    }
    let evidence = RemoteProcess.accessEvidence(
      for: id, errno: failure?.errno ?? .notPermitted)
    var checks = LuaTable()
    checks.array = AccessCheck.list(evidence, failure: failure).map(\.luaValue)
    var answer: [(name: String, value: LuaValue)] = [
      ("pid", .integer(Int64(id.rawValue))), ("access", .boolean(failure == nil)),
      ("checks", .table(checks)),
    ]
    if let name = evidence.name { answer.append(("name", .text(name))) }
    if let failure {
      answer.append(("code", .text(failure.code)))
      answer.append(("message", .text(failure.message)))
      if let hint = failure.hint { answer.append(("hint", .text(hint))) }
    }
    return .table(LuaTable(answer))
  }

  private static func number(of query: ProcessQuery) throws -> ProcessID {
    if let id = query.id { return id }
    let found = try RemoteProcess.list(query).sorted { $0.startTime < $1.startTime }
    guard let first = query.pick == .newest ? found.last : found.first else {
      throw RemoteMemoryError(.attach, .notFound, detail: "no process fits")
    }
    guard found.count == 1 || query.pick != .only else {
      throw RemoteMemoryError(
        .attach, .ambiguous(found), detail: "\(found.count) processes fit")
    }
    return first.id
  }
}

/// One thing looked at: what it is, whether it speaks for access (nil: it says nothing), in words.
private struct AccessCheck {
  let name: String
  let isGood: Bool?
  let text: String

  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("name", .text(name)), ("text", .text(text)),
    ]
    if let isGood { fields.append(("ok", .boolean(isGood))) }
    return .table(LuaTable(fields))
  }

  static func list(_ evidence: AccessEvidence, failure: RemoteMemoryError?) -> [AccessCheck] {
    [
      selfProbe(evidence), existence(evidence), user(evidence), dumpable(evidence),
      capabilities(evidence), yama(evidence), namespace(evidence), maps(evidence),
      tracer(evidence),
      AccessCheck(
        name: "attach", isGood: failure == nil, text: failure?.message ?? "memory can be read"),
    ]
  }

  private static func selfProbe(_ e: AccessEvidence) -> AccessCheck {
    let works = e.selfProbeErrno.map { $0 == 0 }
    return AccessCheck(
      name: "system call", isGood: works,
      text: works == false
        ? "process_vm_readv is blocked even on ourselves (seccomp)"
        : "process_vm_readv works on ourselves")
  }

  private static func existence(_ e: AccessEvidence) -> AccessCheck {
    let state = e.state.map { ", \($0)" } ?? ""
    return AccessCheck(
      name: "process", isGood: e.statExists,
      text: e.statExists == true ? (e.name ?? "?") + state : "there is no such process")
  }

  private static func user(_ e: AccessEvidence) -> AccessCheck {
    guard let own = e.ownRealUser, let target = e.targetUser else {
      return AccessCheck(name: "user", isGood: nil, text: "not known")
    }
    let same = target.real == own && target.effective == own && target.saved == own
    let name = e.targetUserName ?? "\(target.effective)"
    return AccessCheck(
      name: "user", isGood: same || own == 0, text: "it belongs to \(name), we are uid \(own)")
  }

  private static func dumpable(_ e: AccessEvidence) -> AccessCheck {
    guard let owner = e.memoryFileOwner, let target = e.targetUser?.effective else {
      return AccessCheck(name: "dumpable", isGood: nil, text: "not known")
    }
    let good = owner == target
    return AccessCheck(
      name: "dumpable", isGood: good || e.ownRealUser == 0,
      text: good ? "yes" : "no: setuid, capabilities, an unreadable program, or prctl(2)")
  }

  private static func capabilities(_ e: AccessEvidence) -> AccessCheck {
    let has = e.ownCapabilities.map { $0 & (1 << 19) != 0 }
    let text = has.map { $0 ? "we have CAP_SYS_PTRACE" : "we have no CAP_SYS_PTRACE" }
    return AccessCheck(
      name: "capability", isGood: has == true ? true : nil, text: text ?? "not known")
  }

  private static func yama(_ e: AccessEvidence) -> AccessCheck {
    guard let scope = e.yamaScope else {
      return AccessCheck(name: "yama", isGood: nil, text: "this kernel has no Yama")
    }
    let meaning = ["anyone of the same user", "children only", "CAP_SYS_PTRACE only", "nobody"]
    let privileged = e.ownCapabilities.map { $0 & (1 << 19) != 0 } ?? false
    let good = scope == 0 || (scope < 3 && privileged) || (scope == 1 && e.isDescendant == true)
    return AccessCheck(
      name: "yama", isGood: good,
      text: "scope \(scope): \(meaning.indices.contains(scope) ? meaning[scope] : "unknown")")
  }

  private static func namespace(_ e: AccessEvidence) -> AccessCheck {
    AccessCheck(
      name: "namespace", isGood: nil,
      text: e.ownUserMapIsFull == false
        ? "we are in a user namespace of our own" : "we are in the first user namespace")
  }

  private static func maps(_ e: AccessEvidence) -> AccessCheck {
    let text =
      switch e.maps {
      case .readable?: "its mappings can be listed"
      case .empty?: "it lists no mappings"
      case .refused?: "listing its mappings is refused"
      case .missing?: "there is no list of its mappings"
      case nil: "not known"
      }
    return AccessCheck(name: "mappings", isGood: e.maps.map { $0 == .readable }, text: text)
  }

  private static func tracer(_ e: AccessEvidence) -> AccessCheck {
    let traced = (e.tracer?.rawValue ?? 0) > 0
    return AccessCheck(
      name: "tracer", isGood: nil,
      text: traced ? "process \(e.tracer?.rawValue ?? 0) traces it" : "nobody traces it")
  }
}
