import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var scanMethods: [Declaration] {
    [
      .method(
        "scan", "Find values.",
        Parameter(
          "type", .scanTypes, "what to look for; groups take the types that can hold the value"),
        Parameter<ScalarValue?>(
          "value", .valueOrOptions, "the value; or options in its place", default: nil, "nil"),
        scanOptions,
        returns: hits("what was found"),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)", "ioctl_pagemap_scan"],
          example: """
            local hits = game:scan("i32", game:read_i32(health))
            print(hits:has(health), hits.complete)  --> true true
            local floats = game:scan("f32", {between={1.5, 2.5}, perms="rw"})
            """,
          notes: """
            Searches private memory that can be written, unless `perms` says otherwise or a place is \
            named (`kind`, `file`, `module`, `range`), where everything readable is searched. Pages \
            nobody ever wrote are not read, shared pages stay shared, and what could not be read is in \
            `hits.holes`. With {unknown=true} every value is a hit, to be compared later. Groups: \
            "int" takes i8 to i64, or the unsigned type where only that holds the value; "float" f32 \
            and f64; "any" both.
            """,
          seeAlso: ["hits.next", "hits.changed", "process.find", "process.regions"])
      ) {
        (
          call, handle: ProcessHandle, types: ScanTypes, value: ScalarValue?, options: ScanSettings
        ) -> HitsObject in
        let condition = try options.values.condition(value, at: 3)
        let (place, work) = (options.search.place, options.search.work)
        return try call.search(handle, work) {
          try handle.source.scan(
            types, condition, alignment: work.alignment, in: place.scope, options: $0)
        }
      }
    ]
  }

  private static var scanOptions: Parameter<ScanSettings> {
    Parameter<(ValueSettings, SearchPlace, SearchWork)>.optionGroups(
      "what, where and how", alsoBefore: true, ValueSettings.parameter, SearchPlace.parameter,
      SearchWork.parameter
    ).map(ScanSettings.init)
  }
}

/// The options of `scan`.
struct ScanSettings {
  let values: ValueSettings
  let search: SearchSettings

  init(_ values: ValueSettings, _ place: SearchPlace, _ work: SearchWork) {
    self.values = values
    search = SearchSettings(place: place, work: work)
  }
}
