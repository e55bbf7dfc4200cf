import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var trackMethods: [Declaration] {
    [
      .method(
        "track", "Look at memory for a while and list the values that changed, by how they did.",
        Parameter(
          "where", .trackTarget,
          "{address, count}; a mapping; {kind=\"heap\"} and the like; or the hits of a search"),
        Parameter("seconds", .seconds, "for how long; there are at least two samples"),
        TrackSettings.parameter,
        returns: .object(
          "pvm.track", "the values that changed", name: "track",
          weight: { 400 * $0.track.cells.count }),
        about: About(
          fails: accessErrors + ["EINVAL", "E2BIG", "ENOMEM", "ENOSPC"],
          source: ["process_vm_readv(2)"],
          example: """
            local t = game:track({player, 64}, 60, {every=0, progress=function(p)
              game:write_i32(gold, 250 + 10 * p.samples)
              return p.samples < 10
            end})
            print(t[1].behaviour, t[1].step, t[1].address == gold)  --> counter 10.0 true
            """,
          notes: """
            A counter moved at least three times, always in one direction and by much the same step; \
            "rising" and "falling" only kept to one direction; "toggling" went between two values; \
            "once" changed a single time; "noisy" is the rest. Values that never changed cost nothing \
            but their bytes: at most 1 GiB. Ctrl-C, and the end of the process, give what was found \
            until then.
            """, seeAlso: ["track.only", "track.hits", "pvm.watch", "hits.changed"])
      ) {
        (
          call, handle: ProcessHandle, target: TrackTarget, seconds: Double,
          settings: TrackSettings
        ) in
        try call.track(handle, target, seconds, settings)
      }
    ]
  }

  /// The class of results of tracking.
  static var trackClass: ClassDeclaration {
    ClassDeclaration(
      TrackObject.self, "pvm.track",
      "The values that changed while they were tracked, by behaviour and then by address.",
      [trackMembers, trackFields])
  }

  private static var trackMembers: [Declaration] {
    [
      .method(
        "only", "Keep the values that behaved in a certain way.",
        Parameter("behaviour", .behaviours, "one or several, joined by |"),
        returns: .object("pvm.track", "a result of its own", name: "track"),
        about: About(
          example: """
            local t = game:track({player, 64}, 0.02, {every=0.01})
            print(#t:only("monotone"), #t:only("toggling|once"))  --> 0 0
            """, notes: "\"monotone\" stands for counter|rising|falling.")
      ) { (_, object: TrackObject, behaviours: [CellBehaviour]) in
        TrackObject(handle: object.handle, track: object.only(behaviours))
      },
      .method(
        "cells", "List the values.",
        Parameter<[CellBehaviour]?>.optional(
          "behaviour", .behaviours, "only these, joined by |; without it all"),
        returns: .written(
          ResultText("cells", annotation: "pvm.tracked[]", note: "in the order of the result")),
        about: About(
          example: """
            for _, cell in ipairs(game:track({player, 64}, 0):cells("counter")) do
              print(cell.address, cell.step, cell.sparkline)
            end
            """)
      ) { (call, object: TrackObject, behaviours: [CellBehaviour]?) in
        let cells = object.only(behaviours).cells
        call.reply.table(arrayCount: cells.count) { reply in
          for cell in cells { reply.object(TrackedObject(handle: object.handle, cell: cell)) }
        }
      },
      .method(
        "hits", "The values as hits, with what they were last, so that a search goes on with them.",
        returns: hits("to narrow down, save, label ..."),
        about: About(
          fails: ["ENOMEM", "ENOSPC"],
          example: """
            local t = game:track({player, 64}, 60, {every=0, progress=function(p)
              game:write_i32(health, 100 - p.samples)
              return p.samples < 3
            end})
            local hits = t:hits()
            print(#hits, hits[1].old, hits:next(97)[1].address == health)  --> 1 98 true
            """,
          seeAlso: ["hits.next"])
      ) { (_, object: TrackObject) in
        HitsObject(handle: object.handle, hits: try object.track.hits())
      },
      .item(
        ResultType<TrackedObject>.object("pvm.tracked", "the i-th value; nil outside").optional()
      ) { (object: TrackObject, index: Int64) in object.cell(index) },
      .metamethod("__len", .count("how many values changed")) { (_, object: TrackObject) in
        object.track.cells.count
      },
      .metamethod("__tostring", .text("a table of the first 20")) { (_, object: TrackObject) in
        object.text
      },
    ]
  }

  private static var trackFields: [Declaration] {
    [
      .field(
        "counts", .value("table<string, integer>", "how many of each behaviour", name: "counts")
      ) { (object: TrackObject) in
        .table(
          LuaTable(object.track.counts.map { ($0.behaviour.rawValue, .integer(Int64($0.count))) }))
      },
      .field(
        "complete", .boolean("false when it ended before its time", name: "complete")
      ) { (object: TrackObject) in object.track.outcome.isComplete },
      .field(
        "error",
        ResultType<String>.text("why the memory could be read no more, as of a process that ended")
          .optional()
      ) { (object: TrackObject) in object.track.outcome.failure?.message },
      .field(
        "stats",
        .value(
          "table", "{samples=, seconds=, values=, bytes=, unreadable=, unfollowed=}",
          name: "stats")
      ) { (object: TrackObject) in
        let outcome = object.track.outcome
        return .table(
          LuaTable([
            ("samples", .integer(Int64(outcome.samples))), ("seconds", .number(outcome.seconds)),
            ("values", .integer(Int64(outcome.candidates))),
            ("bytes", .integer(Int64(outcome.bytes))),
            ("unreadable", .integer(Int64(outcome.unreadableBytes))),
            ("unfollowed", .integer(Int64(outcome.unfollowedChanges))),
          ]))
      },
    ]
  }
}

extension Call {
  /// Carries out a tracking, and calls a script's function meanwhile.
  fileprivate func track(
    _ handle: ProcessHandle, _ target: TrackTarget, _ seconds: Double, _ settings: TrackSettings
  ) throws -> TrackObject {
    let watch = settings.progress.map { TrackWatch(self, $0) }
    let options = TrackOptions(
      seconds: seconds, interval: settings.interval, cellLimit: settings.cells,
      alignment: settings.alignment, progress: watch?.look)
    let (owner, result) = Self.track(handle, target, settings, options)
    if let failure = watch?.failure { throw failure }
    let track = try result.get()
    if !track.outcome.isComplete, session.isInteractive { host.forgiveInterrupt() }
    return TrackObject(handle: owner, track: track)
  }

  private static func track(
    _ handle: ProcessHandle, _ target: TrackTarget, _ settings: TrackSettings,
    _ options: TrackOptions
  ) -> (ProcessHandle, Result<Track, any Error>) {
    switch target {
    case .hits(let object):
      return (object.handle, Result { try object.hits.track(options) })
    case .memory(var filter):
      if filter.permissions == nil { filter.permissions = PermissionFilter(required: .read) }
      let scope = ScanScope(
        filter: filter, survey: SurveyOptions(readsUnpopulated: settings.takesUnpopulated))
      return (
        handle, Result { try handle.source.track(settings.format, in: scope, options) }
      )
    }
  }
}
