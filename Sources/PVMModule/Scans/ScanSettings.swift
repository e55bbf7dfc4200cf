import LuaHost
import MemoryModel
import RemoteMemory

/// Where a search looks and how it is carried out: the options that every search takes.
struct SearchSettings {
  let place: SearchPlace
  let work: SearchWork

  /// The options, declared; `condition` options are added by those that compare values.
  static var parameter: Parameter<SearchSettings> {
    Parameter<(SearchPlace, SearchWork)>.optionGroups(
      "where and how to search", SearchPlace.parameter, SearchWork.parameter
    ).map(SearchSettings.init)
  }
}

/// Where a search looks.
struct SearchPlace {
  let scope: ScanScope

  init(_ filter: RegionFilter, _ takesHanging: Bool, _ takesUnpopulated: Bool) {
    var filter = filter
    if filter.permissions == nil {
      let namesPlace =
        !filter.kinds.isEmpty || filter.file != nil || filter.module != nil || filter.range != nil
      filter.permissions =
        namesPlace
        ? PermissionFilter(required: .read) : ScanScope.writablePrivate.permissions
    }
    scope = ScanScope(
      filter: filter,
      survey: SurveyOptions(readsHanging: takesHanging, readsUnpopulated: takesUnpopulated))
  }

  static var parameter: Parameter<SearchPlace> {
    Parameter<(RegionFilter, Bool, Bool)>.optionGroups(
      "where",
      .regionFilter("where"),
      Parameter<Bool>.options(
        "",
        Parameter<Bool>(
          "hanging", .boolean,
          "also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices",
          default: false)),
      Parameter<Bool>.options(
        "",
        Parameter<Bool>(
          "unpopulated", .boolean,
          "also pages nobody ever wrote, which makes the target grow", default: false))
    ).map(SearchPlace.init)
  }
}

/// How a search is carried out.
struct SearchWork {
  let alignment: Int?
  let threads: Int?
  let memory: Int?
  let progress: KeptFunction?

  static var parameter: Parameter<SearchWork> {
    Parameter<(Int?, Int?, Int?, KeptFunction?)>.options(
      "how",
      .optional(
        "align", ArgumentType<Int>.count("align", from: 1, upTo: 1 << 20),
        "candidates lie at multiples of so many bytes; by default the size of the type"),
      SearchWork.threads,
      SearchWork.memory("the hits"),
      SearchWork.progress
    ).map(SearchWork.init)
  }

  /// The options that all long work takes.
  static var threads: Parameter<Int?> {
    .optional(
      "threads", ArgumentType<Int>.count("threads", from: 1, upTo: 256),
      "how many threads; by default all processors")
  }

  /// - Parameter what: what it is that takes memory, in words.
  static func memory(_ what: String) -> Parameter<Int?> {
    .optional(
      "memory", ArgumentType<Int>.count("memory", upTo: 1 << 50),
      "bytes \(what) may take before they go to disk; by default half of what is free")
  }

  static var progress: Parameter<KeptFunction?> {
    .optional("progress", .function(signature: progressSignature), progressNote)
  }

  static let progressSignature =
    "fun(p: {done: integer, total: integer, hits: integer, seconds: number}): boolean?"
  static let progressNote = "called about every 50 ms; false stops with what was found so far"
}

/// A search under way: tells a script's function, or the terminal, how far it is.
final class SearchWatch {
  private let call: RunningCall
  private let function: KeptFunction?
  private let session: Session
  /// What a script's function raised.
  private(set) var failure: (any Error)?
  private var isStopped = false
  private var hasToldHanging = false

  init(_ call: borrowing Call, _ function: KeptFunction?) {
    self.call = call.running
    self.function = function
    session = call.session
  }

  /// False to stop.
  func look(_ progress: ScanProgress) -> Bool {
    if isStopped { return false }
    if !hasToldHanging, let read = BlockReads.hanging(seconds: 2) {
      hasToldHanging = true
      session.tell?(read.warning)
    }
    guard let function else {
      session.tellOfProgress?(progress)
      return true
    }
    do {
      let goesOn = try call { call in
        try function(
          in: call, results: 1, arguments: { reply in progress.write(to: reply) },
          read: { call in call.kind(at: -1) != .boolean || call.truth(at: -1) })
      }
      isStopped = !goesOn
    } catch {
      failure = error
      isStopped = true
    }
    return !isStopped
  }

  /// Throws what the script's function raised; clears the line on the terminal.
  func finish() throws {
    if function == nil { session.tellOfProgress?(nil) }
    if let failure { throw failure }
  }
}

extension BlockReads.Read {
  /// What to say of a read that hangs.
  fileprivate var warning: String {
    let region = try? source.regionMap().region(containing: range.start)
    let name = region.map { $0.nameBytes.isEmpty ? "anonymous memory" : $0.displayName }
    let place = name.map { " in \($0)" } ?? ""
    return """
      reading \(range.start)\(place) of \(source.label) has not come back for 2 seconds: \
      something does not answer (FUSE, a network file, userfaultfd); Ctrl-C twice ends pvmlua
      """
  }
}

extension ScanProgress {
  fileprivate func write(to reply: Reply) {
    reply.table(recordCount: 4) { reply in
      reply.key("done")
      reply.integer(Int64(clamping: bytesDone))
      reply.key("total")
      reply.integer(Int64(clamping: bytesTotal))
      reply.key("hits")
      reply.integer(Int64(hits))
      reply.key("seconds")
      reply.number(seconds)
    }
  }
}

extension Call {
  /// Carries out a search with its progress told, and wraps what it found.
  func search(
    _ handle: ProcessHandle, _ work: SearchWork,
    _ body: (ScanOptions) throws -> Hits
  ) throws -> HitsObject {
    let watch = SearchWatch(self, work.progress)
    let budget = work.memory.map { MemoryBudget(limit: $0) } ?? .standard
    let options = ScanOptions(threads: work.threads, budget: budget, progress: watch.look)
    let outcome = Result { try body(options) }
    try watch.finish()
    let found = HitsObject(handle: handle, hits: try outcome.get())
    settle(found)
    return found
  }

  /// Carries out a refining step in the same way.
  func refine(
    _ object: HitsObject, _ progress: KeptFunction? = nil,
    _ body: (Hits, @escaping (ScanProgress) -> Bool) throws -> Hits
  ) throws -> HitsObject {
    let watch = SearchWatch(self, progress)
    let outcome = Result { try body(object.hits, watch.look) }
    try watch.finish()
    let found = HitsObject(handle: object.handle, hits: try outcome.get())
    settle(found)
    return found
  }

  /// At a prompt a Ctrl-C that ended a search has done its work; in a script it goes on to end that.
  /// What a first scan left out is said once for each process.
  private func settle(_ found: HitsObject) {
    if !found.hits.outcome.isComplete, session.isInteractive { host.forgiveInterrupt() }
    guard !found.handle.hasToldLeftOut else { return }
    found.handle.hasToldLeftOut = true
    if found.handle.process?.isOurselves == true {
      session.tell?("this is pvmlua itself: its own copies of what is searched for are found too")
    }
    if let words = found.hits.leftOutText { session.tell?(words) }
  }
}
