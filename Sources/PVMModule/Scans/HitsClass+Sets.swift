import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Steps that choose among hits without a look at their values.
  static var hitsSets: [Declaration] {
    [
      set("union", "The hits of both.", #"a:union(b)"#) { try $0.union($1) },
      set("intersection", "The hits that are in both.", #"a:intersection(b)"#) {
        try $0.intersection($1)
      },
      set("minus", "The hits that are not in the other.", #"a:minus(b)"#) { try $0.minus($1) },
      .method(
        "near", "Keep the hits that lie near an address, or near a hit of the other.",
        Parameter("to", .nearness, "an address, or hits"),
        Parameter("distance", .count("distance", upTo: 1 << 40), "bytes at most"),
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example:
            #"print(game:scan("i32", game:read_i32(health)):near(health, 0):has(health))  --> true"#
        )
      ) { (_, object: HitsObject, to: Nearness, distance: Int) -> HitsObject in
        switch to {
        case .address(let address):
          return object.with(try object.hits.near(address, distance: UInt64(distance)))
        case .hits(let other):
          return object.with(try object.hits.near(other.hits, distance: UInt64(distance)))
        }
      },
      .method(
        "shift", "Move all hits by so many bytes, and read what is there.",
        Parameter("bytes", .integer, "how far; negative for down"),
        returns: hits("what can be read there"),
        about: About(
          fails: scanErrors,
          example:
            #"print(game:scan("i32", game:read_i32(health)):shift(4):has(health + 4))  --> true"#)
      ) { (call, object: HitsObject, bytes: Int64) -> HitsObject in
        try call.refine(object) { try $0.shifted(by: bytes, progress: $1) }
      },
      .method(
        "limit", "Keep the first hits, or some from a number on.",
        Parameter("count", .count("count", upTo: .max), "how many"),
        Parameter<Int>("from", .count("from", from: 1, upTo: .max), "the first", default: 1),
        returns: hits("at most so many"),
        about: About(
          fails: scanErrors,
          example: #"print(#game:scan("i32", {unknown=true, kind="heap"}):limit(10))  --> 10"#)
      ) { (_, object: HitsObject, count: Int, from: Int) -> HitsObject in
        object.with(try object.hits.limited(to: count, from: from - 1))
      },
      .method(
        "sample", "Keep some hits by chance, the same ones for the same seed.",
        Parameter("count", .count("count", upTo: .max), "how many"),
        Parameter<Int64>("seed", .integer, "any number", default: 1),
        returns: hits("at most so many"),
        about: About(
          fails: scanErrors,
          example: #"print(#game:scan("i32", {unknown=true, kind="heap"}):sample(10))  --> 10"#)
      ) { (_, object: HitsObject, count: Int, seed: Int64) -> HitsObject in
        object.with(try object.hits.sampled(count, seed: UInt64(bitPattern: seed)))
      },
      .method(
        "nearest", "List the hits that lie nearest to an address, the nearest first.",
        Parameter("address", .address, "where"),
        Parameter<Int>("count", .count("count", upTo: 100_000), "how many", default: 10),
        returns: .written(ResultText("cells", annotation: "pvm.cell[]", note: "by distance")),
        about: About(
          example:
            #"print(game:scan("i32", game:read_i32(health)):nearest(health, 1)[1].address == health)  --> true"#
        )
      ) { (call, object: HitsObject, address: Address, count: Int) in
        let numbers = object.hits.nearest(to: address, count)
        call.reply.table(arrayCount: numbers.count) { reply in
          for number in numbers {
            guard let cell = object.cell(Int64(number) + 1) else { continue }
            reply.object(cell)
          }
        }
      },
      .method(
        "remove", "All hits but one.",
        Parameter("number", .count("number", from: 1, upTo: .max), "which, from 1"),
        returns: hits("the others"),
        about: About(
          fails: scanErrors,
          example: """
            local hits = game:scan("i32", {unknown=true, kind="heap"}):limit(10)
            print(#hits:remove(1))  --> 9
            """)
      ) { (_, object: HitsObject, number: Int) -> HitsObject in
        object.with(try object.hits.removing(at: number - 1))
      },
      .method(
        "only", "Keep the hits of one type, or of one pattern.",
        Parameter("type", .text, "as in `types`"),
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example:
            #"print(game:scan("int", game:read_i32(health)):only("i32"):has(health))  --> true"#)
      ) { (_, object: HitsObject, label: String) -> HitsObject in
        let labels = object.hits.lanes.map(\.label)
        guard labels.contains(label) else {
          throw ScriptFailure.badArgument(2, Spelling.unknown("type", label, among: labels))
        }
        return object.with(try object.hits.keeping(lane: label))
      },
      .method(
        "inside", "Keep the hits that lie in some mappings.",
        .regionFilter("which mappings"),
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example: #"print(game:scan("i32", 1):inside{kind="heap"}.complete)  --> true"#)
      ) { (_, object: HitsObject, filter: RegionFilter) -> HitsObject in
        object.with(try object.hits.inRegions(filter))
      },
    ]
  }

  private static func set(
    _ name: String, _ summary: String, _ example: String,
    _ combine: @escaping (Hits, Hits) throws -> Hits
  ) -> Declaration {
    .method(
      name, summary, Parameter("other", .object("pvm.hits"), "hits in the same process"),
      returns: hits("old values are this one's where it has them"),
      about: About(
        fails: scanErrors,
        example: """
          local a = game:scan("i32", game:read_i32(health))
          local b = game:scan("i32", game:read_i32(gold))
          print(\(example).complete)  --> true
          """, notes: "Types are kept apart: an i32 and a u32 at one address are two hits.")
    ) { (_, object: HitsObject, other: HitsObject) -> HitsObject in
      object.with(try combine(object.hits, other.hits))
    }
  }
}

/// What hits are to be near to.
enum Nearness {
  case address(Address)
  case hits(HitsObject)
}

extension ArgumentType where Value == Nearness {
  /// An address, or hits.
  static var nearness: ArgumentType<Nearness> {
    ArgumentType("address or hits", annotation: "integer|pvm.hits") { call, index in
      call.kind(at: index) == .object
        ? .hits(try ArgumentType<HitsObject>.object("pvm.hits").read(call, index))
        : .address(try ArgumentType<Address>.address.read(call, index))
    }
  }
}

extension HitsObject {
  /// Other hits of the same process.
  func with(_ hits: Hits) -> HitsObject { HitsObject(handle: handle, hits: hits) }
}
