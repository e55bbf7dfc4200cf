import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var hitsRefining: [Declaration] {
    [
      .method(
        "next", "Keep the hits that have a value now.",
        Parameter<ScalarValue?>(
          "value", .valueOrOptions, "the value; or options in its place", default: nil, "nil"),
        nextOptions,
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example: """
            local hits = game:scan("i32", game:read_i32(health))
            hits = hits:next(game:read_i32(health))
            print(hits:has(health))  --> true
            """,
          notes: """
            Types that cannot hold the value keep nothing. A value stored encoded is decoded as in \
            the first scan.
            """, seeAlso: ["hits.changed", "hits.filter", "process.scan"])
      ) {
        (
          call, object: HitsObject, value: ScalarValue?, options: NextSettings
        ) -> HitsObject in
        let condition = try options.values.condition(value, at: 2)
        return try call.refine(object, options.progress) { try $0.next(condition, progress: $1) }
      }
    ]
  }

  private static var nextOptions: Parameter<NextSettings> {
    Parameter<(ValueSettings, KeptFunction?)>.optionGroups(
      "what the value is to be", alsoBefore: true, ValueSettings.parameter, NextSettings.progress
    ).map(NextSettings.init)
  }
}

/// The options of `next`.
struct NextSettings {
  let values: ValueSettings
  let progress: KeptFunction?

  static var progress: Parameter<KeptFunction?> {
    Parameter<KeptFunction?>.options(
      "",
      Parameter<KeptFunction?>.optional(
        "progress", .function(signature: SearchWork.progressSignature), SearchWork.progressNote))
  }
}

/// The codes that a search can end with.
let scanErrors = accessErrors + ["EINVAL", "ERANGE", "E2BIG", "ENOMEM", "ENOSPC", "ENOTSUP"]
